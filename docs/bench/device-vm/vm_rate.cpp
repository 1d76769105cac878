// How many decisions the interpreter makes on a GPU.
//
//   vm_rate VM_RATE.cubin POLICY.ops     the program that dev.gbpf.cuda.ptx.RateProgram writes; some of additions alone; and of atomic operations
#include <cuda.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "gbpf/micro_op.h"

namespace {

void require(CUresult result, const char *what) {
    if (result == CUDA_SUCCESS) return;
    const char *text = nullptr;
    cuGetErrorString(result, &text);
    std::fprintf(stderr, "%s: %s\n", what, text);
    std::exit(1);
}

// The first handler of an operation.
uint32_t handler(uint32_t operation) {
    uint32_t next = 1;
#define SKIP(count, op)                          \
    if (operation == GBPF_OP_##op) return next;  \
    next += count;
#define NONE(op) SKIP(1, op)
#define D(op) SKIP(10, op)
#define A(op) SKIP(11, op)
#define DA(op) SKIP(110, op)
#define BASE_A(op) SKIP(121, op)
#define DAB(op) SKIP(GBPF_OP_HASH_REGISTERS * GBPF_OP_HASH_REGISTERS * GBPF_OP_HASH_REGISTERS, op)
    GBPF_FAST_OPS(NONE, D, A, DA, BASE_A, DAB)
    return 0;
}

gbpf_micro_op operation(uint32_t number, uint64_t imm) { return {static_cast<uint16_t>(handler(number)), 0, number, imm}; }

// What the program of RateProgram says.
uint64_t decide(uint64_t r1, uint64_t r2) {
    uint64_t x = r1 * 0x9E3779B1 ^ r2 >> 3;
    x = (x ^ x >> 15) * 0x85EBCA77;
    return (x & 255) < (r2 & 255) ? x >> 8 & 7 : 8;
}

struct rate {
    CUfunction kernel;
    CUdeviceptr program;
    CUdeviceptr results;

    // Median of runs, ms.
    float run(int blocks, int threads, int decisions, int length, int runs) {
        CUevent from, to;
        require(cuEventCreate(&from, 0), "cuEventCreate");
        require(cuEventCreate(&to, 0), "cuEventCreate");
        std::vector<float> times;
        for (int i = 0; i < runs; ++i) {
            void *arguments[] = {&decisions, &program, &length, &results};
            require(cuEventRecord(from, nullptr), "cuEventRecord");
            require(cuLaunchKernel(kernel, blocks, 1, 1, threads, 1, 1, 0, nullptr, arguments, nullptr), "cuLaunchKernel");
            require(cuEventRecord(to, nullptr), "cuEventRecord");
            require(cuEventSynchronize(to), "cuEventSynchronize");
            float ms = 0;
            require(cuEventElapsedTime(&ms, from, to), "cuEventElapsedTime");
            times.push_back(ms);
        }
        std::sort(times.begin(), times.end());
        return times[runs / 2];
    }

    void measure(const char *name, const std::vector<gbpf_micro_op> &code, bool checked) {
        require(cuMemcpyHtoD(program, code.data(), code.size() * sizeof code[0]), "cuMemcpyHtoD");
        const int length = static_cast<int>(code.size());
        if (checked) {
            run(1, 32, 1000, length, 1);
            std::vector<uint64_t> got(32);
            require(cuMemcpyDtoH(got.data(), results, got.size() * 8), "cuMemcpyDtoH");
            for (uint32_t t = 0; t < 32; ++t) {
                uint64_t sum = 0;
                for (uint32_t i = 0; i < 1000; ++i) sum += decide(t + i, static_cast<uint32_t>(sum + i));
                if (sum != got[t]) {
                    std::fprintf(stderr, "%s: wrong in lane %u\n", name, t);
                    std::exit(1);
                }
            }
        }
        std::printf("%-28s one warp %7.1f ns; G/s", name, run(1, 32, 20000, length, 5) * 1e6 / 20000);
        const int shapes[][2] = {{132, 256}, {264, 256}, {528, 128}, {264, 512}, {1056, 128}, {528, 256}};
        for (const auto &[blocks, threads] : shapes) {
            std::printf(" %dx%d %.1f", blocks, threads, blocks * threads * 1000.0 / run(blocks, threads, 1000, length, 3) / 1e6);
        }
        std::printf("\n");
    }
};

}  // namespace

int main(int, char **arguments) {
    require(cuInit(0), "cuInit");
    CUdevice device;
    require(cuDeviceGet(&device, 0), "cuDeviceGet");
    CUcontext context;
    require(cuDevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain");
    require(cuCtxSetCurrent(context), "cuCtxSetCurrent");
    CUmodule module;
    require(cuModuleLoad(&module, arguments[1]), arguments[1]);
    rate rate;
    require(cuModuleGetFunction(&rate.kernel, module, "k"), "k");
    require(cuMemAlloc(&rate.program, 1 << 16), "cuMemAlloc");
    require(cuMemAlloc(&rate.results, 8 * 264 * 1024), "cuMemAlloc");
    std::ifstream file(arguments[2], std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    std::vector<gbpf_micro_op> policy(bytes.size() / sizeof(gbpf_micro_op));
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char *>(policy.data()));
    rate.measure("the policy", policy, true);
    for (int additions : {0, 10, 20}) {
        std::vector<gbpf_micro_op> code(additions, operation(GBPF_OP_ADD64_I, 5));
        code.insert(code.end(), 2, operation(GBPF_OP_EXIT, 0)); // the last one never runs
        rate.measure(additions == 0 ? "an end" : additions == 10 ? "10 additions, an end" : "20 additions, an end", code, false);
    }
    // Of 64 bits, on the stack: what it costs to come to one, without what memory costs.
    const uint32_t atomic = GBPF_OP_ATOMIC | 2 << GBPF_OP_D_SHIFT | 10 << GBPF_OP_A_SHIFT | 8 << GBPF_OP_OFFSET_SHIFT;
    std::vector<gbpf_micro_op> code(5, {0, 0, atomic, static_cast<uint64_t>(-8)});
    code.insert(code.end(), 2, operation(GBPF_OP_EXIT, 0));
    rate.measure("5 atomic operations, an end", code, false);
}
