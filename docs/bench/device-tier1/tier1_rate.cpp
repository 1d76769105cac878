// How many decisions a GPU makes by machine code of a policy, beside the same by hand.
//
//   tier1_rate FOLDER      with kernels.cubin, inlined.cubin, policy.ptx, policy.ops and vm_rate.cubin; see device-tier1.md
#include <cuda.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

void require(CUresult result, const char *what) {
    if (result == CUDA_SUCCESS) return;
    const char *text = "";
    cuGetErrorString(result, &text);
    std::fprintf(stderr, "tier1_rate: %s: %s\n", what, text);
    std::exit(2);
}

std::string contents(const std::string &file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

CUmodule load(CUjitInputType type, const std::string &image) {
    char log[8192] = {};
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, CU_JIT_MAX_REGISTERS};
    void *values[] = {log, reinterpret_cast<void *>(sizeof log), reinterpret_cast<void *>(24)};
    CUlinkState state;
    require(cuLinkCreate(type == CU_JIT_INPUT_PTX ? 3 : 2, options, values, &state), "cuLinkCreate");
    void *cubin;
    size_t bytes;
    if (cuLinkAddData(state, type, const_cast<char *>(image.c_str()), image.size() + (type == CU_JIT_INPUT_PTX ? 1 : 0), "module", 0, nullptr, nullptr) != CUDA_SUCCESS
        || cuLinkComplete(state, &cubin, &bytes) != CUDA_SUCCESS) {
        std::fprintf(stderr, "tier1_rate: the linker refuses: %s\n", log);
        std::exit(2);
    }
    CUmodule module;
    require(cuModuleLoadData(&module, cubin), "loading");
    cuLinkDestroy(state);
    return module;
}

CUfunction function(CUmodule module, const char *name) {
    CUfunction f;
    require(cuModuleGetFunction(&f, module, name), name);
    return f;
}

CUdeviceptr variable(CUmodule module, const char *name) {
    CUdeviceptr p;
    size_t bytes;
    require(cuModuleGetGlobal(&p, &bytes, module, name), name);
    return p;
}

constexpr int RUNS = 9;
CUdeviceptr out;

/** Milliseconds of each of RUNS launches, sorted; and what was computed. `operations` is not 0 for the interpreter. */
std::vector<float> run(CUfunction f, CUdeviceptr table, int operations, int blocks, int threads, int n, std::vector<uint64_t> &results) {
    CUevent start, end;
    require(cuEventCreate(&start, 0), "event");
    require(cuEventCreate(&end, 0), "event");
    void *compiled[] = {&n, &table, &out}, *interpreted[] = {&n, &table, &operations, &out};
    void **arguments = operations == 0 ? compiled : interpreted;
    std::vector<float> ms;
    for (int i = 0; i < RUNS; ++i) {
        require(cuEventRecord(start, nullptr), "event");
        require(cuLaunchKernel(f, blocks, 1, 1, threads, 1, 1, 0, nullptr, arguments, nullptr), "launch");
        require(cuEventRecord(end, nullptr), "event");
        require(cuEventSynchronize(end), "kernel");
        float x;
        require(cuEventElapsedTime(&x, start, end), "time");
        ms.push_back(x);
    }
    std::sort(ms.begin(), ms.end());
    results.resize(size_t(blocks) * threads);
    require(cuMemcpyDtoH(results.data(), out, results.size() * 8), "copy");
    return ms;
}

}  // namespace

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    const std::string folder = std::string(argv[1]) + "/";
    CUdevice device;
    CUcontext context;
    char name[100];
    require(cuInit(0), "cuInit");
    require(cuDeviceGet(&device, 0), "device");
    require(cuDeviceGetName(name, sizeof name, device), "name");
    require(cuDevicePrimaryCtxRetain(&context, device), "context");
    require(cuCtxSetCurrent(context), "context");
    require(cuMemAlloc(&out, 16 << 20), "memory");
    CUmodule kernels = load(CU_JIT_INPUT_CUBIN, contents(folder + "kernels.cubin"));
    CUmodule inlined;
    require(cuModuleLoadData(&inlined, contents(folder + "inlined.cubin").c_str()), "inlined.cubin");
    CUmodule policy = load(CU_JIT_INPUT_PTX, contents(folder + "policy.ptx"));
    const CUdeviceptr theirs = variable(policy, "gbpf_code"), own = variable(kernels, "hand_address");
    struct shape {
        int blocks, threads, n;
    };
    struct row {
        const char *what;
        CUfunction f;
        CUdeviceptr table;
        int operations = 0;
    };
    const std::string code = contents(folder + "policy.ops");
    CUmodule interpreter;
    CUdeviceptr operations;
    require(cuModuleLoadData(&interpreter, contents(folder + "vm_rate.cubin").c_str()), "vm_rate.cubin");
    require(cuMemAlloc(&operations, code.size()), "memory");
    require(cuMemcpyHtoD(operations, code.data(), code.size()), "copy");
    const row rows[] = {{"by hand, inlined", function(kernels, "hand_inlined"), own}, {"by hand, called", function(kernels, "hand_by_call"), own},
        {"by hand, by its address", function(kernels, "by_address"), own}, {"the policy, by its address in another module", function(kernels, "by_address"), theirs},
        {"the policy, called in the same module", function(inlined, "policy_inlined"), theirs},
        {"the policy, interpreted", function(interpreter, "k"), operations, static_cast<int>(code.size() / 16)}};
    std::printf("%s\nwhat, blocks, threads, decisions/s (G): median, least, most; ns a decision; right\n", name);
    for (const auto &[blocks, threads, n] : {shape{1, 32, 20000}, shape{528, 512, 4000}, shape{1056, 256, 4000}}) {
        std::vector<uint64_t> expected, results;
        for (const row &r : rows) {
            const std::vector<float> ms = run(r.f, r.table, r.operations, blocks, threads, n, results);
            if (&r == rows) expected = results;
            const auto rate = [&](float t) { return double(blocks) * threads * n / t / 1e6; };
            std::printf("%s, %d, %d, %.1f, %.1f, %.1f, %.2f, %s\n", r.what, blocks, threads, rate(ms[RUNS / 2]), rate(ms[RUNS - 1]), rate(ms[0]), ms[RUNS / 2] * 1e6 / n,
                        results == expected ? "right" : "WRONG");
        }
    }
    return 0;
}
