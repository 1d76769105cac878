// Runs programs with known results in the interpreter on a GPU, each by a whole warp.
//
//   nvcc -std=c++20 -O3 -arch=native -I src/main/cuda -o vm_check src/test/cuda/gpu/vm_check.cu
//   timeout 120 ./vm_check VECTORS...
//
// VECTORS are what the test class dev.gbpf.cuda.vm.VectorFile writes; it tells their layout. Each lane has a copy of the vector's memory: all
// must give the result and leave the memory that the host's interpreter did.
// It ends with status 1 when anything differed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "gbpf/vm.cuh"

using namespace gbpf;

namespace {

constexpr uint32_t JUMPS = 2000000;
constexpr uint32_t MAX_OPERATIONS = 8192;
constexpr uint32_t WARPS = 4096;

struct vector_place {
    uint64_t operations;
    uint64_t memory;
    uint32_t count;
    uint32_t bytes;
    uint64_t expected;
};

struct outcome {
    uint64_t r0;
    uint32_t wrong_results;
    uint32_t wrong_memory;
    uint32_t fault;
    uint32_t at;
};

void require(cudaError_t e, const char *what) {
    if (e != cudaSuccess) {
        std::fprintf(stderr, "vm_check: %s: %s\n", what, cudaGetErrorString(e));
        std::exit(2);
    }
}

__global__ void check(const vector_place *places, uint32_t vectors, const uint8_t *data, uint8_t *scratch, uint32_t scratch_bytes,
                      outcome *outcomes) {
    extern __shared__ gbpf_micro_op code[];
    for (uint32_t i = blockIdx.x; i < vectors; i += gridDim.x) {
        const vector_place &place = places[i];
        const auto *operations = reinterpret_cast<const gbpf_micro_op *>(data + place.operations);
        for (uint32_t k = threadIdx.x; k < place.count; k += blockDim.x) code[k] = operations[k];
        __syncthreads();
        uint8_t *memory = scratch + (size_t{blockIdx.x} * WARP_LANES + threadIdx.x) * scratch_bytes;
        for (uint32_t k = 0; k < place.bytes; ++k) memory[k] = data[place.memory + k];
        vm_env env{};
        uint64_t r0 = vm_run(code, place.bytes == 0 ? 0 : reinterpret_cast<uint64_t>(memory), place.bytes, JUMPS, env);
        bool same = true;
        for (uint32_t k = 0; k < place.bytes; ++k) same &= memory[k] == data[place.memory + place.bytes + k];
        const bool right = r0 == place.expected && env.fault.kind == fault_kind::none;
        const uint32_t wrong_results = __popc(__ballot_sync(ALL_LANES, !right));
        const uint32_t wrong_memory = __popc(__ballot_sync(ALL_LANES, !same));
        if (threadIdx.x == 0) {
            outcomes[i] = {r0, wrong_results, wrong_memory, static_cast<uint32_t>(env.fault.kind), env.fault.at};
        }
        __syncthreads();
    }
}

struct reader {
    std::vector<uint8_t> bytes;
    size_t at = 0;

    template <class T> T take() {
        T value;
        if (bytes.size() - at < sizeof value) {
            std::fprintf(stderr, "vm_check: the file ends too early, at byte %zu\n", at);
            std::exit(2);
        }
        std::memcpy(&value, bytes.data() + at, sizeof value);
        at += sizeof value;
        return value;
    }
};

bool run(const char *file) {
    std::FILE *in = std::fopen(file, "rb");
    if (in == nullptr) {
        std::perror(file);
        std::exit(2);
    }
    reader r;
    uint8_t buffer[65536];
    for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, in)) > 0;) r.bytes.insert(r.bytes.end(), buffer, buffer + n);
    std::fclose(in);
    std::vector<vector_place> places;
    std::vector<std::string> names;
    uint32_t scratch_bytes = 8;
    while (r.at < r.bytes.size()) {
        vector_place place{};
        const uint32_t name = r.take<uint32_t>();
        place.count = r.take<uint32_t>();
        place.bytes = r.take<uint32_t>();
        r.take<uint32_t>();
        place.expected = r.take<uint64_t>();
        const uint64_t padded = (uint64_t{name} + 7) / 8 * 8;
        if (place.count > MAX_OPERATIONS || r.bytes.size() - r.at < padded + place.count * sizeof(gbpf_micro_op) + 2 * uint64_t{place.bytes}) {
            std::fprintf(stderr, "vm_check: %s: vector %zu does not fit\n", file, places.size());
            std::exit(2);
        }
        names.emplace_back(reinterpret_cast<const char *>(r.bytes.data() + r.at), name);
        place.operations = r.at + padded;
        place.memory = place.operations + place.count * sizeof(gbpf_micro_op);
        r.at = (place.memory + 2 * uint64_t{place.bytes} + 7) / 8 * 8;
        scratch_bytes = std::max(scratch_bytes, (place.bytes + 7) / 8 * 8);
        places.push_back(place);
    }
    vector_place *device_places;
    uint8_t *data, *scratch;
    outcome *outcomes;
    require(cudaMalloc(&device_places, places.size() * sizeof(vector_place)), "memory");
    require(cudaMalloc(&data, r.bytes.size()), "memory");
    require(cudaMalloc(&scratch, size_t{WARPS} * WARP_LANES * scratch_bytes), "memory");
    require(cudaMalloc(&outcomes, places.size() * sizeof(outcome)), "memory");
    require(cudaMemcpy(device_places, places.data(), places.size() * sizeof(vector_place), cudaMemcpyHostToDevice), "copy");
    require(cudaMemcpy(data, r.bytes.data(), r.bytes.size(), cudaMemcpyHostToDevice), "copy");
    const uint32_t shared = MAX_OPERATIONS * sizeof(gbpf_micro_op);
    require(cudaFuncSetAttribute(check, cudaFuncAttributeMaxDynamicSharedMemorySize, shared), "shared memory");
    check<<<WARPS, WARP_LANES, shared>>>(device_places, static_cast<uint32_t>(places.size()), data, scratch, scratch_bytes, outcomes);
    require(cudaDeviceSynchronize(), "run");
    std::vector<outcome> done(places.size());
    require(cudaMemcpy(done.data(), outcomes, done.size() * sizeof(outcome), cudaMemcpyDeviceToHost), "copy");
    uint32_t wrong = 0;
    for (size_t i = 0; i < done.size(); ++i) {
        const outcome &o = done[i];
        if (o.wrong_results + o.wrong_memory == 0) continue;
        if (++wrong <= 20) {
            std::printf("%s: r0 = 0x%llx, not 0x%llx; wrong results in %u lanes, wrong memory in %u; fault %u at %u\n", names[i].c_str(),
                        static_cast<unsigned long long>(o.r0), static_cast<unsigned long long>(places[i].expected), o.wrong_results,
                        o.wrong_memory, o.fault, o.at);
        }
    }
    std::printf("%s: %zu programs, %u wrong\n", file, places.size(), wrong);
    for (void *p : {static_cast<void *>(device_places), static_cast<void *>(data), static_cast<void *>(scratch), static_cast<void *>(outcomes)}) {
        cudaFree(p);
    }
    return wrong == 0;
}

}  // namespace

int main(int argc, char **argv) {
    bool right = argc > 1;
    for (int i = 1; i < argc; ++i) right &= run(argv[i]);
    return right ? 0 : 1;
}
