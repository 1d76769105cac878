// What the helpers of a hash cost on a GPU (gbpf/hash.cuh): how long one takes, how many there are, and how many are answered with an error.
//
//   nvcc -std=c++20 -O3 -maxrregcount 128 -arch=native -I device-plane-cuda/src/main/cuda -o hash_rate docs/bench/device-vm/hash_rate.cu
//   timeout 60 ./hash_rate
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "../../../device-plane-cuda/src/test/cuda/gpu/cuda_check.h"
#include "gbpf/hash.cuh"

namespace {

constexpr uint64_t PER_KEY = 3; // the value of a key, over the key

enum action : uint32_t { LOOKUP, UPDATE, REPLACE };

__device__ unsigned long long wrong; // answers, and errors: -EAGAIN too

__device__ uint64_t scrambled(uint64_t i, uint32_t bits) { return i * 0x9E3779B97F4A7C15u >> (64 - bits); }

__device__ uint64_t help(uint64_t hash, uint64_t helper, uint64_t &key, uint64_t &value) {
    return gbpf::call_hash(hash, helper, reinterpret_cast<uint64_t>(&key), reinterpret_cast<uint64_t>(&value), 0);
}

__global__ void fill(uint64_t hash, uint64_t entries) {
    for (uint64_t i = blockIdx.x * blockDim.x + threadIdx.x; i < entries; i += gridDim.x * blockDim.x) {
        uint64_t key = i, value = i * PER_KEY;
        if (help(hash, GBPF_HELPER_MAP_UPDATE_ELEM, key, value) != 0) atomicAdd(&wrong, 1ull);
    }
}

/** Each thread acts on keys one after the other; REPLACE takes an entry out and puts it in again, each thread those of its own. */
__global__ void act(uint64_t hash, uint32_t bits, uint32_t times, action what, unsigned long long *took) {
    const uint64_t me = blockIdx.x * blockDim.x + threadIdx.x, all = gridDim.x * blockDim.x;
    uint64_t bad = 0;
    const unsigned long long start = gbpf::now_ns();
    for (uint32_t i = 0; i < times; ++i) {
        uint64_t key = what == REPLACE ? (me + i * all) & ((uint64_t{1} << bits) - 1) : scrambled(me * times + i + bad + 1, bits);
        uint64_t value = key * PER_KEY;
        if (what == LOOKUP) {
            const uint64_t found = help(hash, GBPF_HELPER_MAP_LOOKUP_ELEM, key, value);
            bad += found == 0 || *reinterpret_cast<uint64_t *>(found) != key * PER_KEY;
        } else if (what == UPDATE) {
            bad += help(hash, GBPF_HELPER_MAP_UPDATE_ELEM, key, value) != 0;
        } else {
            bad += help(hash, GBPF_HELPER_MAP_DELETE_ELEM, key, value) != 0;
            bad += help(hash, GBPF_HELPER_MAP_UPDATE_ELEM, key, value) != 0;
        }
    }
    if (me == 0) *took = gbpf::now_ns() - start;
    if (bad != 0) atomicAdd(&wrong, bad);
}

}  // namespace

int main() {
    cudaDeviceProp device;
    CK(cudaGetDeviceProperties(&device, 0));
    std::printf("%s\n", device.name);
    unsigned long long *took;
    CK(cudaMallocHost(&took, 8));
    cudaEvent_t begin, end;
    CK(cudaEventCreate(&begin));
    CK(cudaEventCreate(&end));
    const auto seconds = [&](const std::function<void()> &work) {
        CK(cudaEventRecord(begin));
        work();
        CK(cudaEventRecord(end));
        CK(cudaEventSynchronize(end));
        float ms;
        CK(cudaEventElapsedTime(&ms, begin, end));
        return ms / 1e3;
    };
    for (const uint32_t bits : {12u, 20u}) {
        const uint64_t entries = uint64_t{1} << bits, bytes = sizeof(gbpf_hash) + entries / 8 + entries * 8 + entries * 32;
        char *memory;
        CK(cudaMalloc(&memory, bytes));
        CK(cudaMemset(memory, 0, bytes));
        const uint64_t address = reinterpret_cast<uint64_t>(memory);
        const gbpf_map map{GBPF_MAP_HASH, 8, 8, static_cast<uint32_t>(entries), address, 0, bits};
        CK(cudaMemcpy(memory, &map, sizeof map, cudaMemcpyHostToDevice));
        fill<<<64, 256>>>(address, entries);
        CK(cudaDeviceSynchronize());
        const struct {
            const char *name;
            action what;
            uint32_t calls;
        } ways[] = {{"lookup", LOOKUP, 1}, {"update of an entry", UPDATE, 1}, {"delete and insert", REPLACE, 2}};
        for (const auto &way : ways) {
            const struct {
                const char *name;
                uint32_t blocks, threads, times;
            } sizes[] = {{"one lane", 1, 1, 2000}, {"one warp", 1, 32, way.what == REPLACE ? 100u : 2000u},
                {"whole GPU", static_cast<uint32_t>(device.multiProcessorCount), 512, way.what == REPLACE ? 8u : 64u}};
            for (const auto &size : sizes) {
                if (way.what == REPLACE && uint64_t{size.blocks} * size.threads * size.times > entries) continue; // threads would share keys
                std::vector<double> ns, rates;
                for (int r = 0; r < 6; ++r) {
                    const double s = seconds([&] { act<<<size.blocks, size.threads>>>(address, bits, size.times, way.what, took); });
                    if (r == 0) continue;
                    ns.push_back(static_cast<double>(*took) / size.times);
                    rates.push_back(static_cast<double>(size.blocks) * size.threads * size.times * way.calls / s / 1e9);
                }
                std::sort(ns.begin(), ns.end());
                std::sort(rates.begin(), rates.end());
                std::printf("%llu entries, %s, %s: %.0f ns each time, %.3f G calls/s (%.3f to %.3f)\n", static_cast<unsigned long long>(entries), way.name,
                    size.name, ns[2], rates[2], rates.front(), rates.back());
            }
        }
        unsigned long long bad;
        CK(cudaMemcpyFromSymbol(&bad, wrong, 8));
        std::printf("%llu wrong or errors so far\n", bad);
        CK(cudaFree(memory));
    }
    return 0;
}
