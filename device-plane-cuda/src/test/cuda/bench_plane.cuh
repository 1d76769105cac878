// A plane with the functions of the benchmarks, without Java: what its tasks do, its kernels, and the host's side of it. For one program.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cuda_runtime.h>
#include <vector>

#include "gbpf/control.cuh"
#include "gpu/pairs.h"

#define CK(call)                                                                                              \
    do {                                                                                                      \
        const cudaError_t error_ = (call);                                                                    \
        if (error_ != cudaSuccess) {                                                                          \
            std::printf("ERROR,line=%d,%s: %s\n", __LINE__, #call, cudaGetErrorString(error_));               \
            std::fflush(stdout);                                                                              \
            std::_Exit(3);                                                                                    \
        }                                                                                                     \
    } while (0)

namespace { // as one program, so that the kernels are inlined as in one

using clock_type = std::chrono::steady_clock;
double seconds() { return std::chrono::duration<double>(clock_type::now().time_since_epoch()).count(); }

// ---- task functions ----

struct bench_words {
    unsigned long long ran, sum, marks[2];
    unsigned long long latency[1 << 16];
    unsigned int latencies;
};
__device__ bench_words words;

enum : uint16_t { NOP, COUNT, TREE, SPIN, ECHO, CHURN, STAMP, HOP_HERE, MARK_HERE, HOP_AWAY, MARK_AWAY, HOP_AWAY_PURE, MARK_AWAY_PURE, FUNCTIONS };
constexpr uint32_t CHAIN = 40000; // links of a chain that are measured

__device__ uint64_t nop(gbpf_env *, uint64_t, uint64_t) { return 0; }

/** Adds its arguments to the checksum: a reduction in the warp, one atomic for it. */
__device__ uint64_t count(gbpf_env *env, uint64_t a, uint64_t b) {
    const unsigned mask = __activemask();
    const unsigned ones = __popc(mask);
    const unsigned low = __reduce_add_sync(mask, static_cast<unsigned>(a + b));
    if (gbpf::lane_id() == gbpf::lowest_bit(mask)) {
        const bool lane_task = env->kind == GBPF_TASK_LANE;
        atomicAdd(&words.ran, lane_task ? ones : 1ull);
        atomicAdd(&words.sum, lane_task ? low : static_cast<unsigned>(a + b));
    }
    return a + b;
}

/** A binary tree of lane tasks; where there is no room the child runs here. */
__device__ uint64_t tree(gbpf_env *env, uint64_t a, uint64_t b) {
    unsigned long long own = 1;
    uint64_t stack[24];
    int top = 0;
    stack[top++] = a;
    while (top > 0) {
        const uint64_t height = stack[--top];
        for (int child = 0; height > 0 && child < 2; ++child) {
            if (!gbpf_spawn(env, TREE, GBPF_TASK_LANE, static_cast<uint32_t>(height - 1), b)) {
                stack[top++] = height - 1;
                ++own;
            }
        }
    }
    const unsigned mask = __activemask();
    const unsigned total = __reduce_add_sync(mask, static_cast<unsigned>(own));
    if (gbpf::lane_id() == gbpf::lowest_bit(mask)) atomicAdd(&words.ran, static_cast<unsigned long long>(total));
    return 0;
}

/** A lane task that spawns its successor until a is 0: as many tasks as a says, with the queue at its length. */
__device__ uint64_t churn(gbpf_env *env, uint64_t a, uint64_t b) {
    uint32_t done = 1;
    while (a > 0 && !gbpf_spawn_at(env, static_cast<uint32_t>(b), CHURN, GBPF_TASK_LANE, static_cast<uint32_t>(a - 1), b)) {
        --a;
        ++done;
    }
    const unsigned mask = __activemask();
    const unsigned total = __reduce_add_sync(mask, done);
    if (gbpf::lane_id() == gbpf::lowest_bit(mask)) atomicAdd(&words.ran, static_cast<unsigned long long>(total));
    return 0;
}

/** One of a + 1 links of a chain, which ends with a mark. b: the number of the mark. */
template <uint32_t WHERE, uint16_t SELF, uint16_t END, uint32_t FLAGS> __device__ uint64_t hop(gbpf_env *env, uint64_t a, uint64_t b) {
    gbpf_spawn_at(env, WHERE, a > 0 ? SELF : END, GBPF_TASK_WARP | FLAGS, static_cast<uint32_t>(a - 1), b);
    return 0;
}

/** Notes when it ran. After the first mark comes the chain that is measured. */
template <uint32_t WHERE, uint16_t HOP> __device__ uint64_t mark(gbpf_env *env, uint64_t, uint64_t b) {
    if (gbpf::lane_id() == 0) words.marks[b] = gbpf::now_ns();
    if (b == 0) gbpf_spawn_at(env, WHERE, HOP, GBPF_TASK_WARP, CHAIN - 1, 1);
    return 0;
}

/** Spins for a ns. */
__device__ uint64_t spin(gbpf_env *, uint64_t a, uint64_t) {
    const uint64_t start = gbpf::now_ns();
    while (gbpf::now_ns() - start < a) {}
    return 0;
}

__device__ uint64_t echo(gbpf_env *, uint64_t a, uint64_t b) { return a + b; }

/** Notes how long ago b was. */
__device__ uint64_t stamp(gbpf_env *, uint64_t, uint64_t b) {
    if (gbpf::lane_id() == 0) {
        const unsigned i = atomicAdd(&words.latencies, 1u);
        words.latency[i & 0xffff] = gbpf::now_ns() - b;
    }
    return 0;
}

__device__ const gbpf_function table[FUNCTIONS] = {nop, count, tree, spin, echo, churn, stamp, hop<GBPF_HERE, HOP_HERE, MARK_HERE, 0>,
    mark<GBPF_HERE, HOP_HERE>, hop<GBPF_ELSEWHERE, HOP_AWAY, MARK_AWAY, 0>, mark<GBPF_ELSEWHERE, HOP_AWAY>,
    hop<GBPF_ELSEWHERE, HOP_AWAY_PURE, MARK_AWAY_PURE, GBPF_TASK_PURE>, mark<GBPF_ELSEWHERE, HOP_AWAY_PURE>};

// ---- kernels ----

/** device_fair as C++: weights by the tick, tokens on. */
struct native_fair : gbpf::fair_policy {
    template <uint32_t HOOK, class Context> __device__ uint64_t ask(Context *ctx, uint64_t otherwise) {
        if constexpr (HOOK == GBPF_HOOK_SM_TICK) {
            ctx->share = ctx->weight;
            ctx->refill_ns = ctx->quota_ns;
        }
        return otherwise;
    }
};
/** The same, and asked about each task. */
struct native_admit : native_fair {
    __device__ bool has(uint32_t hook) const { return hook == GBPF_HOOK_CTA_ADMIT; }
};

__global__ void __launch_bounds__(512, 1) control_plain(gbpf_plane *p, uint64_t d, uint32_t l) { gbpf::run_launch<gbpf::fair_policy>(p, d, l, {}); }
__global__ void __launch_bounds__(512, 1) control_fair(gbpf_plane *p, uint64_t d, uint32_t l) { gbpf::run_launch<native_fair>(p, d, l, {}); }
__global__ void __launch_bounds__(512, 1) control_admit(gbpf_plane *p, uint64_t d, uint32_t l) { gbpf::run_launch<native_admit>(p, d, l, {}); }

__global__ void format(gbpf_plane *plane) {
    gbpf::format_plane(plane, (blockIdx.x * blockDim.x + threadIdx.x) / 32, gridDim.x * blockDim.x / 32);
}
__global__ void copy_table(uint64_t *to) {
    for (int i = 0; i < FUNCTIONS; ++i) to[i] = reinterpret_cast<uint64_t>(table[i]);
}
/** Fills tenants' rings from the device: `each` tasks for each tenant. */
__global__ void fill(gbpf_plane *plane, uint32_t tenants, uint32_t each, gbpf_compact_task task, uint32_t level) {
    __shared__ gbpf::plane_view view;
    if (threadIdx.x == 0) view.open(plane, gbpf::now_ns() + 2000000000ull, 0);
    __syncthreads();
    for (uint32_t t = threadIdx.x / 32; t < tenants; t += blockDim.x / 32) {
        for (uint32_t i = 0; i < each; i += 32) {
            gbpf::lane_array<gbpf_compact_task> one;
            one.value = task;
            one.value.tenant = static_cast<uint8_t>(t);
            one.value.flags |= GBPF_TASK_VALID;
            gbpf::enqueue(view, gbpf::lanes::all(), one, t, level);
        }
    }
}

// ---- the host's side ----

template <class T> T *pinned(size_t n) {
    void *p;
    CK(cudaHostAlloc(&p, n * sizeof(T), cudaHostAllocMapped));
    memset(p, 0, n * sizeof(T));
    return static_cast<T *>(p);
}

using kernel_type = void (*)(gbpf_plane *, uint64_t, uint32_t);

struct options {
    uint32_t tenants = 8, warps = 16, ring_capacity = 1 << 16, workers = 0, local = 1024, nap = 0;
};

class bench_plane {
public:
    gbpf_params params{};
    gbpf_host_control *control = pinned<gbpf_host_control>(1);
    gbpf_host_status *status = pinned<gbpf_host_status>(1);
    gbpf_host_mailbox *mailbox = pinned<gbpf_host_mailbox>(1);
    gbpf_host_ring *rings = pinned<gbpf_host_ring>(4);
    gbpf_compact_task *slots = pinned<gbpf_compact_task>(4 << 16);
    gbpf_plane *plane = nullptr;
    cudaStream_t stream{};
    uint32_t launches = 0;

    explicit bench_plane(const options &o) {
        int sms;
        CK(cudaDeviceGetAttribute(&sms, cudaDevAttrMultiProcessorCount, 0));
        CK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
        CK(cudaStreamCreateWithFlags(&copies_, cudaStreamNonBlocking));
        params.version = GBPF_LAYOUT_VERSION;
        params.workers = o.workers != 0 ? o.workers : static_cast<uint32_t>(sms) - 1;
        params.warps = o.warps;
        params.tenants = o.tenants;
        params.vslices = 1;
        params.ring_capacity = o.ring_capacity;
        params.local_capacity = o.local;
        params.dependencies = 4096;
        params.own_dependencies = 1024;
        params.descriptors = 4096;
        params.functions = FUNCTIONS;
        params.host_rings = 4;
        params.host_mailboxes = 1;
        params.tick_ns = 5000;
        params.refresh_ns = 1000;
        params.idle_nap_ns = o.nap;
        params.vslice_end[0] = params.workers;
        params.control_address = reinterpret_cast<uint64_t>(control);
        params.status_address = reinterpret_cast<uint64_t>(status);
        params.mailbox_address = reinterpret_cast<uint64_t>(mailbox);
        params.host_ring_address = reinterpret_cast<uint64_t>(rings);
        for (auto &t : control->tenants) t = gbpf_tenant_config{1, 0, UINT64_MAX, 0xffff, {0, 0, 0}};
        for (uint32_t i = 0; i < 4; ++i) {
            rings[i].slots_address = reinterpret_cast<uint64_t>(slots + (i << 16));
            rings[i].capacity = 1 << 16;
            rings[i].task_bytes = 16;
            rings[i].tenant = i;
        }
        void *functions;
        CK(cudaMalloc(&functions, 8 * FUNCTIONS));
        copy_table<<<1, 1>>>(static_cast<uint64_t *>(functions));
        params.functions_address = reinterpret_cast<uint64_t>(functions);
        functions_ = functions;
        gbpf_plane image{};
        image.params = params;
        gbpf::lay_out(image, 0, sizeof(gbpf::block_kept));
        void *memory;
        CK(cudaMalloc(&memory, image.bytes));
        CK(cudaMemset(memory, 0, image.bytes));
        gbpf::lay_out(image, reinterpret_cast<uint64_t>(memory), sizeof(gbpf::block_kept));
        CK(cudaMemcpy(memory, &image, sizeof(image), cudaMemcpyHostToDevice));
        plane = static_cast<gbpf_plane *>(memory);
        image_ = image;
        format<<<32, 256>>>(plane);
        CK(cudaDeviceSynchronize());
    }

    ~bench_plane() {
        cudaFree(plane);
        cudaFree(functions_);
        for (void *p : {static_cast<void *>(control), static_cast<void *>(status), static_cast<void *>(mailbox), static_cast<void *>(rings),
                 static_cast<void *>(slots), static_cast<void *>(accounts_)}) {
            cudaFreeHost(p);
        }
        cudaStreamDestroy(copies_);
        cudaStreamDestroy(stream);
    }

    void start(kernel_type kernel = control_plain, uint64_t duration_ns = 4000000000ull) {
        const int bytes = std::max<int>(sizeof(gbpf::block_memory), 120 * 1024); // one block on each SM
        CK(cudaFuncSetAttribute(reinterpret_cast<const void *>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
        CK(pair_blocks(kernel, params.workers + 1));
        system_store(control->stop, uint32_t{GBPF_RUN});
        std::atomic_ref<uint32_t>(status->state).store(GBPF_STATE_FORMATTED);
        kernel<<<params.workers + 1, params.warps * 32, bytes, stream>>>(plane, duration_ns, ++launches);
        CK(cudaGetLastError());
    }

    /** Waits until it runs. */
    void await_running() {
        const double limit = seconds() + 5;
        while (std::atomic_ref<uint64_t>(status->tick).load() < 3 + seen_tick_ && seconds() < limit) {}
    }

    uint32_t stop(uint32_t how) {
        std::atomic_ref<uint32_t>(control->stop).store(how);
        CK(cudaStreamSynchronize(stream));
        seen_tick_ = status->tick;
        return status->state;
    }

    void fill_rings(uint32_t tenants, uint32_t each, const gbpf_compact_task &task, uint32_t level) {
        fill<<<1, 512, 0, stream>>>(plane, tenants, each, task, level);
        CK(cudaGetLastError());
    }

    std::vector<gbpf_account> accounts() {
        CK(cudaMemcpyAsync(accounts_, reinterpret_cast<void *>(image_.accounts_address), params.tenants * sizeof(gbpf_account),
            cudaMemcpyDeviceToHost, copies_));
        CK(cudaStreamSynchronize(copies_));
        return std::vector<gbpf_account>(accounts_, accounts_ + params.tenants);
    }

    /** Puts n copies of a task into a host ring as fast as there is room; seconds that it waited at most. */
    bool feed(uint32_t ring, uint64_t n, gbpf_compact_task task, bool numbered) {
        gbpf_host_ring &r = rings[ring];
        gbpf_compact_task *to = slots + (static_cast<size_t>(ring) << 16);
        uint64_t tail = r.tail, taken = std::atomic_ref<uint64_t>(r.taken).load(std::memory_order_acquire);
        const uint64_t end = tail + n;
        const double limit = seconds() + 4;
        while (tail < end) {
            while (tail - taken >= r.capacity) {
                taken = std::atomic_ref<uint64_t>(r.taken).load(std::memory_order_acquire);
                if (seconds() > limit) return false;
            }
            const uint64_t room = std::min({end - tail, r.capacity - (tail - taken), uint64_t{512}});
            for (uint64_t i = 0; i < room; ++i) {
                if (numbered) task.b = tail + i;
                to[(tail + i) & (r.capacity - 1)] = task;
            }
            tail += room;
            std::atomic_ref<uint64_t>(r.tail).store(tail, std::memory_order_release);
        }
        return true;
    }

    /** One request to the mailbox; the answer's result, or UINT64_MAX after half a second. */
    uint64_t request(const gbpf_compact_task &task) {
        const uint64_t tag = static_cast<uint64_t>(++sequence_) << 32;
        uint64_t w[2];
        memcpy(w, &task, 16);
        const uint32_t halves[4] = {uint32_t(w[0]), uint32_t(w[0] >> 32), uint32_t(w[1]), uint32_t(w[1] >> 32)};
        for (auto &copy : mailbox->request) {
            for (int i = 0; i < 4; ++i) std::atomic_ref<uint64_t>(copy[i]).store(tag | halves[i], std::memory_order_relaxed);
        }
        std::atomic_ref<uint64_t> low(mailbox->answer[0]), high(mailbox->answer[1]);
        for (uint64_t spins = 0; (low.load(std::memory_order_acquire) >> 32) != sequence_ || (high.load(std::memory_order_acquire) >> 32) != sequence_;) {
            if (++spins > 100000000) return UINT64_MAX;
        }
        return (low.load() & 0xffffffff) | high.load() << 32;
    }

private:
    template <class T> void system_store(T &word, T value) { std::atomic_ref<T>(word).store(value); }
    gbpf_plane image_{};
    void *functions_ = nullptr;
    cudaStream_t copies_{};
    gbpf_account *accounts_ = pinned<gbpf_account>(GBPF_MAX_TENANTS);
    uint32_t sequence_ = 0;
    uint64_t seen_tick_ = 0;
};

bench_words *host_words() {
    static bench_words *w = new bench_words;
    CK(cudaMemcpyFromSymbol(w, words, sizeof(bench_words)));
    return w;
}
void clear_words() {
    static bench_words *zero = new bench_words{};
    CK(cudaMemcpyToSymbol(words, zero, sizeof(bench_words)));
}

gbpf_compact_task compact(uint16_t function, uint32_t flags, uint32_t a, uint64_t b) {
    return gbpf_compact_task{function, 0, static_cast<uint8_t>(flags), a, b};
}

}  // namespace
