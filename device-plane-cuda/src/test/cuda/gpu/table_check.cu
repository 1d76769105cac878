// Swaps policies under a kernel that is full of work on a GPU: that no task is lost, how long a swap takes, and that a fault ejects.
//
//   java -cp ... dev.gbpf.cuda.table.TableFile PROGRAMS
//   nvcc -std=c++20 -O3 -maxrregcount 128 -arch=native -rdc=true -I src/main/cuda -o table_check src/test/cuda/gpu/table_check.cu -lcudadevrt
//   timeout 60 ./table_check PROGRAMS
//
// It ends with status 1 when anything was wrong.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cuda_check.h"
#include "pairs.h"
#include "gbpf/control.cuh"
#include "gbpf/table_policy.cuh"

#define REQUIRE(condition)                                                                             \
    do {                                                                                               \
        if (!(condition)) {                                                                            \
            std::fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);               \
            failures++;                                                                                \
        }                                                                                              \
    } while (0)

namespace {

int failures = 0;
constexpr uint32_t TENANTS = 8, EACH = 4096, GENERATIONS = 3000;

__device__ uint32_t ran[TENANTS * EACH];

/** One link of chain b: runs the next one somewhere, or itself where there is no room. */
__device__ uint64_t link(gbpf_env *env, uint64_t a, uint64_t b) {
    while (true) {
        if (gbpf::lane_id() == 0) atomicAdd(&ran[b], 1);
        if (a == 0) return 0;
        --a;
        if (gbpf_spawn(env, 0, GBPF_TASK_WARP, static_cast<uint32_t>(a), b)) return 0;
    }
}

__device__ const gbpf_function functions[1] = {link};

__global__ void format(gbpf_plane *plane) {
    gbpf::format_plane(plane, (blockIdx.x * blockDim.x + threadIdx.x) / 32, gridDim.x * blockDim.x / 32);
}
__global__ void copy_functions(uint64_t *to) { *to = reinterpret_cast<uint64_t>(functions[0]); }
__global__ void __launch_bounds__(512, 1) control(gbpf_plane *p, uint64_t d, uint32_t l, gbpf::table_place table) {
    gbpf::run_launch<gbpf::table_policy>(p, d, l, table);
}
__global__ void fill(gbpf_plane *plane, uint32_t generations) {
    __shared__ gbpf::plane_view view;
    if (threadIdx.x == 0) view.open(plane, gbpf::now_ns() + 2000000000ull, 0);
    __syncthreads();
    const uint32_t tenant = threadIdx.x / 32;
    for (uint32_t i = 0; i < EACH; i += 32) {
        gbpf::lane_array<gbpf_compact_task> one;
        one.value = gbpf_compact_task{0, static_cast<uint8_t>(tenant), GBPF_TASK_WARP | GBPF_TASK_VALID, generations, tenant * EACH + i + gbpf::lane_id()};
        gbpf::enqueue(view, gbpf::lanes::all(), one, tenant, GBPF_RING_NORMAL);
    }
}

template <class T> T *pinned() {
    void *p;
    CK(cudaHostAlloc(&p, sizeof(T), cudaHostAllocMapped));
    std::memset(p, 0, sizeof(T));
    return static_cast<T *>(p);
}
template <class T> T load(T &word) { return std::atomic_ref<T>(word).load(std::memory_order_acquire); }
template <class T> void store(T &word, T value) { std::atomic_ref<T>(word).store(value, std::memory_order_release); }

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct program {
    uint32_t hook, jumps;
    std::vector<uint64_t> words;
};
using policy = std::vector<program>;

std::map<std::string, policy> read(const char *file) {
    std::map<std::string, policy> policies;
    std::ifstream in(file);
    std::string name;
    for (program p; in >> name;) {
        size_t count;
        in >> std::dec >> p.hook >> p.jumps >> count >> std::hex;
        p.words.resize(count);
        for (auto &w : p.words) in >> w;
        policies[name].push_back(p);
    }
    return policies;
}

class host {
public:
    gbpf_host_control *control_words = pinned<gbpf_host_control>();
    gbpf_host_status *status = pinned<gbpf_host_status>();
    uint64_t epoch = 0;

    host() {
        int sms;
        CK(cudaDeviceGetAttribute(&sms, cudaDevAttrMultiProcessorCount, 0));
        CK(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
        CK(cudaStreamCreateWithFlags(&copies_, cudaStreamNonBlocking));
        gbpf_plane image{};
        gbpf_params &q = image.params;
        q.version = GBPF_LAYOUT_VERSION;
        q.workers = static_cast<uint32_t>(sms) - 1;
        q.warps = 16;
        q.tenants = TENANTS;
        q.vslices = 1;
        q.ring_capacity = 1 << 14;
        q.local_capacity = 1024;
        q.dependencies = 4096;
        q.own_dependencies = 1024;
        q.descriptors = 4096;
        q.functions = 1;
        q.tick_ns = 5000;
        q.refresh_ns = 1000;
        q.vslice_end[0] = q.workers;
        q.control_address = reinterpret_cast<uint64_t>(control_words);
        q.status_address = reinterpret_cast<uint64_t>(status);
        for (auto &t : control_words->tenants) t = gbpf_tenant_config{1, 0, UINT64_MAX, 0xffff, {0, 0, 0}};
        void *table;
        CK(cudaMalloc(&table, 8));
        copy_functions<<<1, 1>>>(static_cast<uint64_t *>(table));
        q.functions_address = reinterpret_cast<uint64_t>(table);
        gbpf::lay_out(image, 0, sizeof(gbpf::block_kept));
        void *memory;
        CK(cudaMalloc(&memory, image.bytes));
        CK(cudaMemset(memory, 0, image.bytes));
        gbpf::lay_out(image, reinterpret_cast<uint64_t>(memory), sizeof(gbpf::block_kept));
        CK(cudaMemcpy(memory, &image, sizeof image, cudaMemcpyHostToDevice));
        plane_ = static_cast<gbpf_plane *>(memory);
        format<<<32, 256>>>(plane_);
        for (auto &buffer : buffers_) CK(cudaMalloc(&buffer, BYTES));
        CK(cudaMalloc(&faults_, 2 * sizeof(gbpf_policy_fault)));
        CK(cudaMemset(faults_, 0, 2 * sizeof(gbpf_policy_fault)));
        CK(cudaHostAlloc(reinterpret_cast<void **>(&staging_), BYTES, cudaHostAllocDefault));
        CK(cudaDeviceSynchronize());
        workers_ = q.workers;
    }

    void give(uint32_t generations) {
        fill<<<1, 32 * TENANTS>>>(plane_, generations);
        CK(cudaDeviceSynchronize());
    }

    void start() {
        const int bytes = std::max<int>(sizeof(gbpf::block_memory), 120 * 1024);
        CK(cudaFuncSetAttribute(reinterpret_cast<const void *>(control), cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
        CK(pair_blocks(control, workers_ + 1));
        store(control_words->stop, uint32_t{GBPF_RUN});
        store(status->state, uint32_t{GBPF_STATE_FORMATTED});
        control<<<workers_ + 1, 512, bytes, stream_>>>(plane_, 8000000000ull, ++launches_, {control_words->policy_address, control_words->policy_epoch});
        CK(cudaGetLastError());
        const double limit = seconds() + 5;
        while (load(status->state) != GBPF_STATE_RUNNING && seconds() < limit) {}
    }

    uint32_t stop(uint32_t how) {
        store(control_words->stop, how);
        CK(cudaStreamSynchronize(stream_));
        return status->state;
    }

    void publish(const policy &p, uint32_t jumps = 0) {
        ++epoch;
        const uint64_t base = reinterpret_cast<uint64_t>(buffers_[epoch % 2]);
        gbpf_policy_table t{};
        t.epoch = epoch;
        t.version = GBPF_TABLE_VERSION;
        t.operations_address = base + sizeof t;
        t.fault_address = reinterpret_cast<uint64_t>(faults_ + epoch % 2);
        uint64_t *to = reinterpret_cast<uint64_t *>(staging_ + sizeof t);
        for (const program &one : p) {
            const uint32_t count = static_cast<uint32_t>(one.words.size() / 2);
            t.programs[one.hook - GBPF_TABLE_FIRST_HOOK] = {t.operations, count, jumps != 0 ? jumps : one.jumps, 0};
            to = std::copy(one.words.begin(), one.words.end(), to);
            t.operations += count;
        }
        std::memcpy(staging_, &t, sizeof t);
        CK(cudaMemcpyAsync(buffers_[epoch % 2], staging_, BYTES, cudaMemcpyHostToDevice, copies_));
        CK(cudaStreamSynchronize(copies_));
        store(control_words->policy_address, base);
        store(control_words->policy_epoch, epoch);
    }

    bool await(uint64_t &word, uint64_t value) {
        for (const double limit = seconds() + 3; load(word) < value;) {
            if (seconds() > limit) return false;
        }
        return true;
    }

    gbpf_policy_fault fault() {
        gbpf_policy_fault f;
        CK(cudaMemcpyAsync(&f, faults_ + epoch % 2, sizeof f, cudaMemcpyDeviceToHost, copies_));
        CK(cudaStreamSynchronize(copies_));
        return f;
    }

    uint64_t done() const {
        uint64_t all = 0;
        for (uint32_t t = 0; t < TENANTS; ++t) all += load(status->tenants[t].finished);
        return all;
    }

private:
    static constexpr size_t BYTES = 64 << 10;
    cudaStream_t stream_{}, copies_{};
    gbpf_plane *plane_ = nullptr;
    void *buffers_[2]{};
    gbpf_policy_fault *faults_ = nullptr;
    char *staging_ = nullptr;
    uint32_t launches_ = 0, workers_ = 0;
};

void check_chains(uint32_t links) {
    std::vector<uint32_t> seen(TENANTS * EACH);
    CK(cudaMemcpyFromSymbol(seen.data(), ran, seen.size() * 4));
    uint64_t wrong = 0;
    for (uint32_t n : seen) wrong += n != links;
    REQUIRE(wrong == 0);
    const std::vector<uint32_t> zero(TENANTS * EACH);
    CK(cudaMemcpyToSymbol(ran, zero.data(), zero.size() * 4));
}

void percentiles(const char *what, std::vector<double> &us) {
    std::sort(us.begin(), us.end());
    if (us.empty()) {
        REQUIRE(!"no swap was under load");
        return;
    }
    std::printf("%s: n %zu, median %.1f us, P99 %.1f us, greatest %.1f us\n", what, us.size(), us[us.size() / 2], us[us.size() * 99 / 100], us.back());
}

/** So many links of all chains by one policy; tasks a second. */
double rate(host &h, const policy &p, double &tick_us) {
    h.publish(p);
    h.give(400);
    const double begin = seconds();
    const uint64_t ticks = h.status->tick;
    h.start();
    REQUIRE(h.stop(GBPF_DRAIN) == GBPF_STATE_DRAINED);
    const double took = seconds() - begin;
    tick_us = took * 1e6 / static_cast<double>(h.status->tick - ticks);
    check_chains(401);
    return 401.0 * TENANTS * EACH / took;
}

}  // namespace

int main(int, char **arguments) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    auto policies = read(arguments[1]);
    REQUIRE(policies.size() == 5);
    host h;
    std::printf("shared memory of a block: %zu bytes\n", sizeof(gbpf::block_memory));
    for (int round = 0; round < 3; ++round) {
        for (const char *name : {"none", "device_fair", "even", "loops"}) {
            double tick_us;
            const double tasks = rate(h, policies[name], tick_us);
            std::printf("policy %s: %.1f M tasks/s, a tick in %.1f us\n", name, tasks / 1e6, tick_us);
        }
    }

    // Swaps under load.
    h.give(GENERATIONS);
    h.start();
    std::vector<double> adopted, ticking, settled;
    uint32_t swaps = 0;
    const uint64_t before = h.done(), enough = uint64_t{GENERATIONS} * TENANTS * EACH * 3 / 4;
    for (; swaps < 5000 && h.done() - before < enough; ++swaps) {
        h.publish(policies[swaps % 3 == 0 ? "odd" : swaps % 3 == 1 ? "even" : "none"]);
        const double at = seconds();
        double known = 0, ticks = 0, all = 0; // us
        while (all == 0 && seconds() - at < 3) {
            if (known == 0 && load(h.status->policy_epoch) >= h.epoch) known = (seconds() - at) * 1e6;
            if (ticks == 0 && load(h.status->policy_ticking) >= h.epoch) ticks = (seconds() - at) * 1e6;
            if (known != 0 && ticks != 0 && load(h.status->policy_settled) >= h.epoch) all = (seconds() - at) * 1e6;
        }
        REQUIRE(all != 0);
        adopted.push_back(known);
        ticking.push_back(ticks);
        settled.push_back(all);
        if (failures != 0) break;
    }
    std::printf("%u swaps while %llu tasks ran\n", swaps, static_cast<unsigned long long>(h.done() - before));
    REQUIRE(h.stop(GBPF_DRAIN) == GBPF_STATE_DRAINED);
    check_chains(GENERATIONS + 1);
    REQUIRE(h.status->policy_faults == 0 && h.status->refused == 0);
    percentiles("published until the kernel has it", adopted);
    percentiles("published until ticks decide by it", ticking);
    percentiles("published until all blocks have it", settled);

    // A policy that parks half of the chains does, from the first task on.
    h.publish(policies["stops"]);
    h.give(10);
    h.start();
    const double until = seconds() + 0.05;
    while (seconds() < until) {}
    REQUIRE(h.done() > 0);
    h.publish({});
    REQUIRE(h.stop(GBPF_DRAIN) == GBPF_STATE_DRAINED);
    check_chains(11);

    // A fault ejects.
    h.give(100);
    h.start();
    h.publish(policies["loops"], 3);
    REQUIRE(h.await(h.status->policy_ejected, h.epoch));
    REQUIRE(h.stop(GBPF_DRAIN) == GBPF_STATE_DRAINED);
    check_chains(101);
    const gbpf_policy_fault f = h.fault();
    REQUIRE(f.epoch == h.epoch && f.kind == GBPF_FAULT_OVERRUN && f.hook == GBPF_HOOK_CTA_ADMIT);
    std::printf("fault: kind %u, hook %u, operation %u, tenant %u, block %u, runs that faulted %llu\n", f.kind, f.hook, f.at, f.tenant, f.block,
        static_cast<unsigned long long>(h.status->policy_faults));
    std::printf(failures == 0 ? "all right\n" : "%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
