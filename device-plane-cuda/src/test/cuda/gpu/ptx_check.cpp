// Runs modules of PTX on a GPU and compares what their programs do with what the host's interpreter did.
//
//   nvcc -std=c++20 -O3 -maxrregcount 128 -arch=native -rdc=true -cubin -o ptx_check.cubin src/test/cuda/gpu/ptx_check.cu
//   g++ -std=c++20 -O2 -pthread -I CUDA/include -o ptx_check src/test/cuda/gpu/ptx_check.cpp -lcuda
//   ./ptx_check ptx_check.cubin FOLDER/NAME...
//
// NAME.ptx and NAME.vec are what the test class dev.gbpf.cuda.ptx.PtxVectors writes; it tells their layout. Modules are compiled by the driver's
// linker in as many threads as there are processors. It ends with status 1 when anything differed.
#include <cuda.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr uint64_t NOW = 1234567890123u;
constexpr uint32_t LANES = 32;
constexpr uint32_t WARPS = 4;

void require(CUresult result, const char *what) {
    if (result == CUDA_SUCCESS) return;
    const char *text = "";
    cuGetErrorString(result, &text);
    std::fprintf(stderr, "ptx_check: %s: %s\n", what, text);
    std::exit(2);
}

std::string contents(const std::string &file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        std::perror(file.c_str());
        std::exit(2);
    }
    return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string link(CUjitInputType type, const std::string &image, int registers) {
    char log[8192] = {};
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, CU_JIT_MAX_REGISTERS};
    void *values[] = {log, reinterpret_cast<void *>(sizeof log), reinterpret_cast<void *>(static_cast<intptr_t>(registers))};
    CUlinkState state;
    require(cuLinkCreate(3, options, values, &state), "cuLinkCreate");
    void *cubin;
    size_t bytes;
    const size_t size = image.size() + (type == CU_JIT_INPUT_PTX ? 1 : 0);
    if (cuLinkAddData(state, type, const_cast<char *>(image.c_str()), size, "module", 0, nullptr, nullptr) != CUDA_SUCCESS
        || cuLinkComplete(state, &cubin, &bytes) != CUDA_SUCCESS) {
        std::fprintf(stderr, "ptx_check: the linker refuses: %s\n", log);
        std::exit(2);
    }
    std::string code(static_cast<char *>(cubin), bytes);
    cuLinkDestroy(state);
    return code;
}

struct module_file {
    std::string name;
    std::string cubin;
    std::string vectors;
};

/** Puts numbers in the place of "$MAPS+N$". */
std::string with_maps(const std::string &ptx, uint64_t maps) {
    std::string out;
    size_t at = 0;
    for (size_t mark; (mark = ptx.find("$MAPS+", at)) != std::string::npos;) {
        char *end;
        const uint64_t offset = std::strtoull(ptx.c_str() + mark + 6, &end, 10);
        out.append(ptx, at, mark - at).append(std::to_string(maps + offset));
        at = static_cast<size_t>(end - ptx.c_str()) + 1;
    }
    return out.append(ptx, at);
}

struct run_of {
    uint64_t code;
    uint64_t context;
};

template <class T> T take(const std::string &bytes, size_t &at) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    at += sizeof value;
    return value;
}

struct program_vector {
    uint32_t bytes, runs, alone;
    size_t before, after, first_run;
};

class checker {
public:
    checker(CUfunction kernel, CUdeviceptr maps) : kernel_(kernel), maps_(maps) {}

    /** How many programs of a module did something else. */
    uint32_t check(const module_file &file) {
        size_t at = 0;
        const uint32_t count = take<uint32_t>(file.vectors, at), room = take<uint32_t>(file.vectors, at);
        std::vector<program_vector> programs(count);
        std::vector<uint32_t> alone(count);
        uint32_t stride = 8, runs = 0;
        std::string maps, expected_maps;
        for (uint32_t i = 0; i < count; ++i) {
            program_vector &p = programs[i];
            p.bytes = take<uint32_t>(file.vectors, at);
            p.runs = take<uint32_t>(file.vectors, at);
            p.alone = alone[i] = take<uint32_t>(file.vectors, at);
            take<uint32_t>(file.vectors, at);
            maps.append(file.vectors, at, room);
            expected_maps.append(file.vectors, at + room, room);
            p.first_run = at + 2 * room;
            at = p.first_run + size_t{p.runs} * (8 + 2 * size_t{p.bytes});
            stride = std::max(stride, (p.bytes + 7) / 8 * 8);
            runs = std::max(runs, p.runs);
        }
        CUmodule module;
        require(cuModuleLoadData(&module, file.cubin.data()), "loading a module");
        CUdeviceptr table;
        size_t bytes;
        require(cuModuleGetGlobal(&table, &bytes, module, "gbpf_code"), "gbpf_code");
        std::vector<uint64_t> code(count);
        require(cuMemcpyDtoH(code.data(), table, count * 8), "reading gbpf_code");
        require(cuMemcpyHtoD(maps_, maps.data(), maps.size()), "writing maps");
        CUdeviceptr places, lonely, results, contexts;
        const size_t context_bytes = size_t{count} * LANES * stride;
        require(cuMemAlloc(&places, count * sizeof(run_of)), "memory");
        require(cuMemAlloc(&lonely, count * 4), "memory");
        require(cuMemAlloc(&results, size_t{count} * LANES * 8), "memory");
        require(cuMemAlloc(&contexts, context_bytes), "memory");
        require(cuMemcpyHtoD(lonely, alone.data(), count * 4), "copy");
        std::vector<bool> wrong(count);
        for (uint32_t run = 0; run < runs; ++run) {
            std::vector<run_of> where(count);
            std::string memory(context_bytes, '\0');
            for (uint32_t i = 0; i < count; ++i) {
                const program_vector &p = programs[i];
                where[i] = {code[i], p.bytes == 0 ? 0 : contexts + uint64_t{i} * LANES * stride};
                for (uint32_t lane = 0; lane < LANES; ++lane) {
                    std::memcpy(&memory[(size_t{i} * LANES + lane) * stride], file.vectors.data() + start(p, run) + 8, p.bytes);
                }
            }
            require(cuMemcpyHtoD(places, where.data(), count * sizeof(run_of)), "copy");
            require(cuMemcpyHtoD(contexts, memory.data(), context_bytes), "copy");
            uint32_t programs_of_run = count;
            uint64_t now = NOW;
            void *arguments[] = {&places, &programs_of_run, &stride, &now, &lonely, &results};
            require(cuLaunchKernel(kernel_, (count + WARPS - 1) / WARPS, 1, 1, WARPS * LANES, 1, 1, 0, nullptr, arguments, nullptr), "launch");
            require(cuCtxSynchronize(), file.name.c_str());
            std::vector<uint64_t> r0(size_t{count} * LANES);
            require(cuMemcpyDtoH(r0.data(), results, r0.size() * 8), "copy");
            require(cuMemcpyDtoH(memory.data(), contexts, context_bytes), "copy");
            for (uint32_t i = 0; i < count; ++i) {
                const program_vector &p = programs[i];
                if (run >= p.runs) continue;
                size_t expected = start(p, run);
                const uint64_t result = take<uint64_t>(file.vectors, expected);
                for (uint32_t lane = 0; lane < (p.alone != 0 ? 1 : LANES); ++lane) {
                    const size_t index = size_t{i} * LANES + lane;
                    ++answers;
                    if (r0[index] != result || std::memcmp(&memory[index * stride], file.vectors.data() + expected + p.bytes, p.bytes) != 0) wrong[i] = true;
                }
            }
        }
        std::string after(maps.size(), '\0');
        require(cuMemcpyDtoH(after.data(), maps_, after.size()), "reading maps");
        for (uint32_t i = 0; i < count; ++i) {
            if (programs[i].alone != 0 && after.compare(size_t{i} * room, room, expected_maps, size_t{i} * room, room) != 0) wrong[i] = true;
        }
        for (CUdeviceptr p : {places, lonely, results, contexts}) cuMemFree(p);
        require(cuModuleUnload(module), "unloading a module");
        uint32_t failed = 0;
        for (uint32_t i = 0; i < count; ++i) {
            if (wrong[i] && ++failed <= 5) std::printf("%s: program %u is wrong\n", file.name.c_str(), i);
        }
        total += count;
        return failed;
    }

    uint64_t total = 0;
    uint64_t answers = 0;

private:
    static size_t start(const program_vector &p, uint32_t run) { return p.first_run + size_t{std::min(run, p.runs - 1)} * (8 + 2 * size_t{p.bytes}); }

    CUfunction kernel_;
    CUdeviceptr maps_;
};

}  // namespace

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    CUdevice device;
    CUcontext context;
    require(cuInit(0), "cuInit");
    require(cuDeviceGet(&device, 0), "cuDeviceGet");
    require(cuDevicePrimaryCtxRetain(&context, device), "context");
    require(cuCtxSetCurrent(context), "context");
    const std::string kernel_code = link(CU_JIT_INPUT_CUBIN, contents(argv[1]), 128);
    CUmodule module;
    CUfunction kernel;
    CUdeviceptr maps;
    require(cuModuleLoadData(&module, kernel_code.data()), "loading the kernel");
    require(cuModuleGetFunction(&kernel, module, "check_programs"), "check_programs");
    int registers;
    require(cuFuncGetAttribute(&registers, CU_FUNC_ATTRIBUTE_NUM_REGS, kernel), "registers");
    require(cuCtxSetLimit(CU_LIMIT_STACK_SIZE, 8192), "stack");
    require(cuMemAlloc(&maps, 16u << 20), "memory");
    std::vector<module_file> files(static_cast<size_t>(argc - 2));
    std::atomic<size_t> next = 0;
    std::vector<std::thread> threads;
    const auto start = std::chrono::steady_clock::now();
    for (unsigned t = 0; t < std::max(1u, std::thread::hardware_concurrency()); ++t) {
        threads.emplace_back([&] {
            require(cuCtxSetCurrent(context), "context");
            for (size_t i; (i = next++) < files.size();) {
                const std::string name = argv[2 + i];
                files[i] = {name, link(CU_JIT_INPUT_PTX, with_maps(contents(name + ".ptx"), maps), registers), contents(name + ".vec")};
            }
        });
    }
    for (std::thread &thread : threads) thread.join();
    const std::chrono::duration<double> compiled = std::chrono::steady_clock::now() - start;
    checker check(kernel, maps);
    uint32_t wrong = 0;
    for (const module_file &file : files) wrong += check.check(file);
    std::printf("%zu modules, %llu programs, %llu answers: %u programs wrong; %d registers, compiled in %.1f s\n", files.size(),
                static_cast<unsigned long long>(check.total), static_cast<unsigned long long>(check.answers), wrong, registers, compiled.count());
    return wrong == 0 ? 0 : 1;
}
