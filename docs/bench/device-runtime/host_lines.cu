// What reads of host memory by one SM do to others (docs/bench/device-runtime.md, "One reader for each line of host memory").
//
//   nvcc -std=c++20 -O3 -arch=sm_90 -o host_lines docs/bench/device-runtime/host_lines.cu && ./host_lines
//
// The last block's warps read host memory without end, `apart` bytes from one to the next. Meanwhile one block after the other, 64 of them,
// loads half of 4,096 lines of device memory once each, and makes 32 fences, each after a store. Prints how many of them took longer than 900 cycles.
#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "../../../device-plane-cuda/src/test/cuda/gpu/cuda_check.h"

namespace {

constexpr int LINES = 4096, MEASURED = 64, FENCES = 32, SHARED_BYTES = 120 * 1024; // one block on each SM
constexpr unsigned SLOW = 900;

struct alignas(128) line {
    unsigned long long words[16];
};
__device__ line lines[LINES];
__device__ volatile unsigned turn; // the block that measures
__device__ volatile unsigned long long sink;

struct figures {
    unsigned fence_cycles, slow_fences, slow_loads, slowest_load;
};

__device__ unsigned clock_now() {
    unsigned t;
    asm volatile("mov.u32 %0, %%clock;" : "=r"(t)::"memory");
    return t;
}

__device__ void rest(int times, unsigned ns) {
    for (int i = 0; i < times; ++i) __nanosleep(ns);
}

__device__ unsigned long long load_of_device(const void *at) {
    unsigned long long v;
    asm volatile("ld.relaxed.gpu.global.u64 %0, [%1];" : "=l"(v) : "l"(at) : "memory");
    return v;
}

__device__ unsigned long long load_of_host(const void *at) {
    unsigned long long v;
    asm volatile("ld.relaxed.sys.global.u64 %0, [%1];" : "=l"(v) : "l"(at) : "memory");
    return v;
}

__device__ figures measure(unsigned block) {
    figures f{};
    unsigned long long sum = 0;
    for (int i = block & 1; i < LINES; i += 2) {
        const unsigned start = clock_now();
        sum += load_of_device(&lines[i]);
        if (sum == 1) sink = sum; // waits for the load
        const unsigned took = clock_now() - start;
        if (i < 8) continue;
        f.slow_loads += took > SLOW;
        f.slowest_load = max(f.slowest_load, took);
    }
    for (int i = 0; i < FENCES; ++i) {
        lines[i * 37 % LINES].words[0] = 0;
        const unsigned start = clock_now();
        __threadfence();
        const unsigned took = clock_now() - start;
        f.fence_cycles += took / FENCES;
        f.slow_fences += took > SLOW;
        rest(4 + i % 7, 100);
    }
    return f;
}

__global__ void __launch_bounds__(512, 1) run(const unsigned long long *host, unsigned warps, unsigned apart, figures *out) {
    extern __shared__ unsigned char whole_sm[];
    const unsigned block = blockIdx.x, warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    if (block == gridDim.x - 1) {
        if (warp >= warps) return;
        while (turn < MEASURED) {
            if (lane < 4 && load_of_host(host + warp * apart / 8 + lane) == 1) sink = 1;
            __syncwarp();
        }
    } else if (block < MEASURED && threadIdx.x == 0) {
        while (turn != block) rest(5, 500);
        if (block == 0) rest(300, 1000); // the readers are at it
        out[block] = measure(block);
        __threadfence_system();
        turn = block + 1;
    }
}

}  // namespace

int main() {
    figures *out;
    void *host;
    int sms;
    CK(cudaDeviceGetAttribute(&sms, cudaDevAttrMultiProcessorCount, 0));
    CK(cudaMallocManaged(&out, MEASURED * sizeof(figures)));
    CK(cudaHostAlloc(&host, 1 << 16, cudaHostAllocMapped));
    std::fill_n(static_cast<char *>(host), 1 << 16, 0);
    CK(cudaFuncSetAttribute(run, cudaFuncAttributeMaxDynamicSharedMemorySize, SHARED_BYTES));
    const unsigned cases[][2] = {{0, 0}, {1, 0}, {2, 0}, {3, 0}, {3, 128}, {3, 256}, {3, 4096}, {12, 256}};
    for (const auto &[warps, apart] : cases) {
        const unsigned zero = 0;
        CK(cudaMemcpyToSymbol(turn, &zero, sizeof(zero)));
        run<<<sms, 512, SHARED_BYTES>>>(static_cast<unsigned long long *>(host), warps, apart, out);
        CK(cudaDeviceSynchronize());
        double fence = 0, slow_fences = 0, slow_loads = 0;
        unsigned slowest = 0, blocks = 0;
        for (int b = 0; b < MEASURED; ++b) {
            fence += out[b].fence_cycles / double{MEASURED};
            slow_fences += 100. * out[b].slow_fences / (MEASURED * FENCES);
            slow_loads += 100. * out[b].slow_loads / (MEASURED * LINES / 2);
            slowest = std::max(slowest, out[b].slowest_load);
            blocks += out[b].slow_loads > 0;
        }
        std::printf("%2u warps, %4u bytes apart: loads slower than %u cycles %.2f %% in %u of %d blocks, slowest %u; a fence %.0f, slower %.1f %%\n", warps, apart,
            SLOW, slow_loads, blocks, MEASURED, slowest, fence, slow_fences);
    }
}
