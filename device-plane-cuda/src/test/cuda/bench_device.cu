// The device plane's runtime on a GPU, without Java: first that it is right, then how fast it is, with baselines from the same run.
//
//   nvcc -std=c++20 -O3 -arch=sm_90 -rdc=true -I ../../main/cuda -o bench_device bench_device.cu -lcudadevrt
//   CUDA_MODULE_LOADING=EAGER ./bench_device [test ...]
//
// Tests: check baseline chain echo hostfed devicefed fairness latency policy (default: all). Prints
// RESULT,<name>,<median>,<least>,<greatest>,<unit>. Every launch has a deadline of its own, and the program one of 240 s.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "bench_plane.cuh"

namespace {

/** Prints the median, least and greatest of some runs. */
void result(const char *name, std::vector<double> values, const char *unit) {
    if (values.empty()) {
        std::printf("RESULT,%s,none,,,%s\n", name, unit);
    } else {
        std::sort(values.begin(), values.end());
        std::printf("RESULT,%s,%.4g,%.4g,%.4g,%s\n", name, values[values.size() / 2], values.front(), values.back(), unit);
    }
    std::fflush(stdout);
}

double percentile(std::vector<double> values, double p) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<size_t>(p * static_cast<double>(values.size())))];
}

void quantiles(const char *name, const std::vector<double> &values, const char *unit) {
    std::printf("RESULT,%s,%.4g,%.4g,%.4g,%s (p50 p99 p99.9; n=%zu)\n", name, percentile(values, .5), percentile(values, .99),
        percentile(values, .999), unit, values.size());
    std::fflush(stdout);
}

int wrong = 0;
void check(bool holds, const char *what) {
    if (holds) return;
    ++wrong;
    std::printf("WRONG,%s\n", what);
    std::fflush(stdout);
}

void test_check() {
    for (const uint32_t flags : {uint32_t{GBPF_TASK_LANE}, uint32_t{GBPF_TASK_WARP}, uint32_t{GBPF_TASK_BLOCK}}) {
        clear_words();
        bench_plane p(options{});
        p.start();
        const uint64_t n = flags == GBPF_TASK_BLOCK ? 2000 : 200000;
        check(p.feed(0, n, compact(COUNT, flags, 3, 4), false), "feed");
        const uint32_t state = p.stop(GBPF_DRAIN);
        const uint64_t calls = flags == GBPF_TASK_BLOCK ? n * p.params.warps : n;
        std::printf("INFO,check kind=%u state=%u ran=%llu of %llu sum=%llu finished=%llu\n", flags, state, host_words()->ran,
            static_cast<unsigned long long>(calls), host_words()->sum, static_cast<unsigned long long>(p.accounts()[0].finished));
        check(state == GBPF_STATE_DRAINED && host_words()->ran == calls && host_words()->sum == 7 * calls && p.accounts()[0].finished == n,
            "every task once");
    }
    {
        clear_words();
        bench_plane p(options{});
        p.feed(0, 1, compact(TREE, GBPF_TASK_LANE, 20, 0), false);
        uint32_t state = 0;
        for (int i = 0; i < 3; ++i) {
            p.start();
            usleep(200);
            state = p.stop(GBPF_LEAVE);
        }
        p.start();
        state = p.stop(GBPF_DRAIN);
        std::printf("INFO,check tree with returns state=%u ran=%llu of %d refused=%llu\n", state, host_words()->ran, (1 << 21) - 1,
            static_cast<unsigned long long>(p.status->refused));
        check(state == GBPF_STATE_DRAINED && host_words()->ran == (1 << 21) - 1, "tree with leave and return");
    }
}

__global__ void empty_kernel() {}
__global__ void cdp_chain(unsigned *c, unsigned n) {
    ++*c;
    if (n > 1) cdp_chain<<<1, 1, 0, cudaStreamTailLaunch>>>(c, n - 1);
}
__global__ void tail_graph(unsigned *c, unsigned n) {
    if (++*c < n) cudaGraphLaunch(cudaGetCurrentGraphExec(), cudaStreamGraphTailLaunch);
}

void test_baseline() {
    cudaStream_t s;
    CK(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking));
    std::vector<double> sync, batch, graph_node, tail, cdp;
    for (int i = 0; i < 2200; ++i) {
        const double a = seconds();
        empty_kernel<<<1, 1, 0, s>>>();
        cudaStreamSynchronize(s);
        if (i >= 200) sync.push_back((seconds() - a) * 1e6);
    }
    quantiles("baseline_launch_sync", sync, "us");
    for (int r = 0; r < 5; ++r) {
        const double a = seconds();
        for (int i = 0; i < 20000; ++i) empty_kernel<<<1, 1, 0, s>>>();
        CK(cudaStreamSynchronize(s));
        batch.push_back(20000 / (seconds() - a) / 1e6);
    }
    result("baseline_batched_launches", batch, "M/s");
    cudaGraph_t g;
    cudaGraphExec_t e;
    CK(cudaStreamBeginCapture(s, cudaStreamCaptureModeThreadLocal));
    for (int i = 0; i < 1000; ++i) empty_kernel<<<1, 1, 0, s>>>();
    CK(cudaStreamEndCapture(s, &g));
    CK(cudaGraphInstantiate(&e, g, 0));
    for (int r = 0; r < 10; ++r) {
        const double a = seconds();
        CK(cudaGraphLaunch(e, s));
        CK(cudaStreamSynchronize(s));
        if (r > 1) graph_node.push_back((seconds() - a) * 1e3);
    }
    result("baseline_graph_node", graph_node, "us");
    unsigned *c;
    CK(cudaMalloc(&c, 4));
    cudaGraph_t tg;
    cudaGraphExec_t te;
    CK(cudaStreamBeginCapture(s, cudaStreamCaptureModeThreadLocal));
    tail_graph<<<1, 1, 0, s>>>(c, 2000);
    CK(cudaStreamEndCapture(s, &tg));
    if (cudaGraphInstantiate(&te, tg, cudaGraphInstantiateFlagDeviceLaunch) == cudaSuccess) {
        CK(cudaGraphUpload(te, s));
        for (int r = 0; r < 5; ++r) {
            CK(cudaMemsetAsync(c, 0, 4, s));
            CK(cudaStreamSynchronize(s));
            const double a = seconds();
            CK(cudaGraphLaunch(te, s));
            CK(cudaStreamSynchronize(s));
            tail.push_back((seconds() - a) * 1e6 / 2000);
        }
    }
    result("baseline_device_graph_tail_launch", tail, "us");
    for (int r = 0; r < 5; ++r) {
        CK(cudaMemset(c, 0, 4));
        CK(cudaDeviceSynchronize());
        const double a = seconds();
        cdp_chain<<<1, 1>>>(c, 1000);
        CK(cudaDeviceSynchronize());
        cdp.push_back((seconds() - a) * 1e6 / 1000);
    }
    result("baseline_dynamic_parallelism_tail_launch", cdp, "us");
    cudaFree(c);
    cudaStreamDestroy(s);
}

void test_chain() {
    const struct {
        const char *name;
        uint16_t hop;
        kernel_type kernel;
    } ways[] = {{"chain_across_SMs", HOP_AWAY, control_plain}, {"chain_across_SMs_policy_tick", HOP_AWAY, control_fair},
        {"chain_across_SMs_policy_admit", HOP_AWAY, control_admit}, {"chain_across_SMs_pure", HOP_AWAY_PURE, control_plain},
        {"chain_across_SMs_pure_policy_tick", HOP_AWAY_PURE, control_fair}, {"chain_on_one_SM", HOP_HERE, control_plain},
        {"chain_on_one_SM_policy_tick", HOP_HERE, control_fair}};
    for (const auto &way : ways) {
        std::vector<double> per_hop;
        uint64_t handed = 0;
        for (int r = 0; r < 5; ++r) {
            clear_words();
            bench_plane p(options{});
            p.start(way.kernel);
            p.await_running();
            p.feed(0, 1, compact(way.hop, GBPF_TASK_WARP, CHAIN / 4 - 1, 0), false);
            const uint32_t state = p.stop(GBPF_DRAIN);
            const bench_words *w = host_words();
            check(state == GBPF_STATE_DRAINED && w->marks[1] != 0, way.name);
            per_hop.push_back(static_cast<double>(w->marks[1] - w->marks[0]) / (CHAIN + 1));
            handed = p.status->handed_over;
        }
        result(way.name, per_hop, "ns one way");
        std::printf("INFO,handed over %llu of %u\n", static_cast<unsigned long long>(handed), CHAIN + CHAIN / 4 + 2);
    }
}

__global__ void bare_echo(volatile uint32_t *request, volatile uint32_t *reply, uint32_t n, uint64_t limit) {
    const uint64_t start = gbpf::now_ns();
    for (uint32_t i = 1; i <= n; ++i) {
        uint32_t spins = 0;
        while (gbpf::system_atomic<uint32_t>(const_cast<uint32_t &>(*request)).load(gbpf::relaxed) != i) {
            if ((++spins & 255) == 0 && gbpf::now_ns() - start > limit) return;
        }
        gbpf::system_atomic<uint32_t>(const_cast<uint32_t &>(*reply)).store(i, gbpf::relaxed);
    }
}

void test_echo() {
    {
        uint32_t *request = pinned<uint32_t>(1024), *reply = request + 512;
        cudaStream_t s;
        CK(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking));
        bare_echo<<<1, 1, 0, s>>>(request, reply, 20000, 3000000000ull);
        std::vector<double> v;
        for (uint32_t i = 1; i <= 20000; ++i) {
            const double a = seconds();
            std::atomic_ref<uint32_t>(*request).store(i, std::memory_order_release);
            uint64_t spins = 0;
            while (std::atomic_ref<uint32_t>(*reply).load(std::memory_order_acquire) != i && ++spins < 100000000) {}
            if (i > 500) v.push_back((seconds() - a) * 1e6);
        }
        CK(cudaStreamSynchronize(s));
        quantiles("echo_bare_flag", v, "us");
        cudaFreeHost(request);
    }
    const struct {
        const char *name;
        uint32_t flags;
    } ways[] = {{"echo_by_the_polling_warp", GBPF_TASK_WARP | GBPF_TASK_URGENT | GBPF_TASK_PURE},
        {"echo_by_the_polling_warp_ordered", GBPF_TASK_WARP | GBPF_TASK_URGENT}, {"echo_by_another_SM", GBPF_TASK_WARP | GBPF_TASK_PURE},
        {"echo_by_another_SM_ordered", GBPF_TASK_WARP}};
    bench_plane p(options{});
    p.start(control_fair, 8000000000ull);
    p.await_running();
    for (const auto &way : ways) {
        std::vector<double> v;
        for (uint32_t i = 0; i < 20000; ++i) {
            const double a = seconds();
            const uint64_t r = p.request(compact(ECHO, way.flags, i, 1ull << 33));
            if (i >= 500) v.push_back((seconds() - a) * 1e6);
            if (r != (1ull << 33) + i) {
                check(false, way.name);
                break;
            }
        }
        quantiles(way.name, v, "us");
    }
    check(p.stop(GBPF_DRAIN) == GBPF_STATE_DRAINED, "echo drains");
}

void test_hostfed() {
    for (const uint32_t kind : {uint32_t{GBPF_TASK_LANE}, uint32_t{GBPF_TASK_WARP}}) {
        for (const unsigned threads : {1u, 4u}) {
            std::vector<double> rates, accepted;
            const uint64_t each = kind == GBPF_TASK_LANE ? 20000000 / threads : 4000000 / threads;
            for (int r = 0; r < 3; ++r) {
                clear_words();
                bench_plane p(options{});
                p.start(control_fair);
                p.await_running();
                const double a = seconds();
                std::vector<std::thread> feeders;
                std::atomic<bool> ok = true;
                for (unsigned t = 0; t < threads; ++t) {
                    feeders.emplace_back([&, t] {
                        if (!p.feed(t, each, compact(COUNT, kind, 1, 1), true)) ok = false;
                    });
                }
                for (auto &f : feeders) f.join();
                const double fed = seconds();
                const uint32_t state = p.stop(GBPF_DRAIN);
                const double end = seconds();
                const bench_words *w = host_words();
                const unsigned long long n = each * threads;
                unsigned long long sum = 0; // of a + b, each of 32 bits
                for (unsigned t = 0; t < threads; ++t) sum += each + each * (each - 1) / 2;
                check(ok && state == GBPF_STATE_DRAINED && w->ran == n, "host-fed: every task once");
                check(w->sum == sum, "host-fed: payload");
                rates.push_back(static_cast<double>(n) / (end - a) / 1e6);
                accepted.push_back(static_cast<double>(n) / (fed - a) / 1e6);
            }
            const std::string name = std::string("hostfed_") + (kind == GBPF_TASK_LANE ? "lane" : "warp") + "_tasks_" + std::to_string(threads) + "_threads";
            result(name.c_str(), rates, "M/s, to the end of the drain");
            result((name + "_accepted").c_str(), accepted, "M/s");
        }
    }
}

void test_devicefed() {
    const struct {
        const char *name;
        uint32_t where;
    } ways[] = {{"devicefed_own_queues", GBPF_HERE}, {"devicefed_one_shared_queue", GBPF_SHARED}};
    for (const auto &way : ways) {
        std::vector<double> rates;
        unsigned long long n = 0;
        for (int r = 0; r < 5; ++r) {
            clear_words();
            options o;
            o.tenants = 1;
            o.ring_capacity = 1 << 18;
            bench_plane p(o);
            // Chains of lane tasks: each runs and spawns the next one.
            const bool own = way.where == GBPF_HERE;
            const uint32_t chains = p.params.workers * (own ? 768 : 1024), length = own ? 10000 : 500;
            p.fill_rings(1, chains / 32 * 32, compact(CHURN, GBPF_TASK_LANE, length - 1, way.where), GBPF_RING_LANES);
            cudaEvent_t a, b;
            CK(cudaEventCreate(&a));
            CK(cudaEventCreate(&b));
            CK(cudaEventRecord(a, p.stream));
            p.start(control_fair);
            CK(cudaEventRecord(b, p.stream));
            const uint32_t state = p.stop(GBPF_DRAIN);
            float ms;
            CK(cudaEventElapsedTime(&ms, a, b));
            n = static_cast<unsigned long long>(chains / 32 * 32) * length;
            const unsigned long long ran = host_words()->ran;
            if (state != GBPF_STATE_DRAINED || ran != n) std::printf("INFO,state=%u ran=%llu of %llu\n", state, ran, n);
            check(state == GBPF_STATE_DRAINED && ran == n, way.name);
            rates.push_back(static_cast<double>(n) / ms / 1e6);
            const auto account = p.accounts()[0];
            if (r == 0) std::printf("INFO,%s finished=%llu refused=%llu\n", way.name, static_cast<unsigned long long>(account.finished),
                static_cast<unsigned long long>(p.status->refused));
        }
        result(way.name, rates, "G tasks/s, start and drain included");
    }
}

void test_fairness() {
    const uint32_t weights[8] = {1, 1, 2, 2, 4, 4, 8, 8};
    std::vector<double> worst, total;
    for (int r = 0; r < 5; ++r) {
        options o;
        o.ring_capacity = 1 << 22;
        bench_plane p(o);
        for (int t = 0; t < 8; ++t) p.control->tenants[t].weight = weights[t];
        p.fill_rings(8, 4000000 / 32 * 32, compact(SPIN, GBPF_TASK_WARP, 2000, 0), GBPF_RING_NORMAL);
        p.start(control_fair);
        p.await_running();
        usleep(2000);
        const auto before = p.accounts();
        const double a = seconds();
        while (seconds() - a < 0.010) {}
        const auto after = p.accounts();
        p.stop(GBPF_LEAVE);
        double sum = 0, tasks = 0;
        for (int t = 0; t < 8; ++t) sum += static_cast<double>(after[t].used_cycles - before[t].used_cycles), tasks += static_cast<double>(after[t].finished - before[t].finished);
        double most = 0;
        std::string shares;
        for (int t = 0; t < 8; ++t) {
            const double share = static_cast<double>(after[t].used_cycles - before[t].used_cycles) / sum, due = weights[t] / 30.0;
            most = std::max(most, std::abs(share / due - 1));
            shares += std::to_string(share * 30) + " ";
        }
        std::printf("INFO,shares (of 30): %s tasks=%.0f\n", shares.c_str(), tasks);
        worst.push_back(most * 100);
        total.push_back(tasks);
    }
    result("fairness_worst_deviation_of_a_share", worst, "% of the share, over 10 ms");
    result("fairness_tasks_in_10ms", total, "tasks of 2 us");
}

/** The latency tenant (7) gets a task of 0 us now and then through its host ring, and through the mailbox. */
void test_latency() {
    double idle99 = 0;
    for (const bool loaded : {false, true}) {
        options o;
        o.ring_capacity = 1 << 22;
        bench_plane p(o);
        p.control->tenants[7].priority = 10;
        p.control->tenants[7].weight = 8;
        if (loaded) p.fill_rings(7, 4000000 / 32 * 32, compact(SPIN, GBPF_TASK_WARP, 2000, 0), GBPF_RING_NORMAL);
        p.start(control_fair);
        p.await_running();
        usleep(1000);
        std::vector<double> v;
        gbpf_compact_task task = compact(ECHO, GBPF_TASK_WARP | GBPF_TASK_PURE, 0, 0);
        task.tenant = 7;
        for (uint32_t i = 0; i < 3000; ++i) {
            task.a = i;
            const double a = seconds();
            const uint64_t result = p.request(task);
            v.push_back((seconds() - a) * 1e6);
            if (result != i) {
                check(false, "latency: answer");
                break;
            }
            const double until = seconds() + 3e-6;
            while (seconds() < until) {}
        }
        const auto accounts = p.accounts();
        p.stop(GBPF_LEAVE);
        quantiles(loaded ? "latency_tenant_under_full_load" : "latency_tenant_idle", v, "us");
        if (loaded) {
            std::printf("RESULT,latency_p99_loaded_over_idle,%.3f,,,x (best effort ran %llu tasks)\n", percentile(v, .99) / idle99,
                static_cast<unsigned long long>(accounts[0].finished));
        } else {
            idle99 = percentile(v, .99);
        }
    }
}

void test_policy() {
    const struct {
        const char *name;
        kernel_type kernel;
    } ways[] = {{"throughput_no_policy", control_plain}, {"throughput_device_fair", control_fair}, {"throughput_device_fair_and_admit", control_admit}};
    for (const auto &way : ways) {
        std::vector<double> rates;
        for (int r = 0; r < 5; ++r) {
            options o;
            o.ring_capacity = 1 << 18;
            bench_plane p(o);
            p.fill_rings(8, 250000 / 32 * 32, compact(SPIN, GBPF_TASK_WARP, 500, 0), GBPF_RING_NORMAL);
            cudaEvent_t a, b;
            CK(cudaEventCreate(&a));
            CK(cudaEventCreate(&b));
            CK(cudaEventRecord(a, p.stream));
            p.start(way.kernel);
            CK(cudaEventRecord(b, p.stream));
            check(p.stop(GBPF_DRAIN) == GBPF_STATE_DRAINED, way.name);
            float ms;
            CK(cudaEventElapsedTime(&ms, a, b));
            rates.push_back(8.0 * (250000 / 32 * 32) / ms / 1e3);
        }
        result(way.name, rates, "M tasks of 0.5 us /s");
    }
}

}  // namespace

int main(int argc, char **argv) {
    alarm(240);
    std::signal(SIGALRM, [](int) { std::_Exit(4); });
    cudaDeviceProp device;
    CK(cudaGetDeviceProperties(&device, 0));
    std::printf("INFO,gpu=%s,sms=%d,shared memory of a block=%zu\n", device.name, device.multiProcessorCount, sizeof(gbpf::block_memory));
    const std::vector<std::pair<std::string, std::function<void()>>> tests = {{"check", test_check}, {"baseline", test_baseline},
        {"chain", test_chain}, {"echo", test_echo}, {"hostfed", test_hostfed}, {"devicefed", test_devicefed}, {"fairness", test_fairness},
        {"latency", test_latency}, {"policy", test_policy}};
    for (const auto &[name, run] : tests) {
        bool wanted = argc == 1;
        for (int i = 1; i < argc; ++i) wanted |= name == argv[i];
        if (!wanted) continue;
        const double start = seconds();
        std::printf("TEST,%s\n", name.c_str());
        std::fflush(stdout);
        run();
        std::printf("INFO,%s took %.1f s\n", name.c_str(), seconds() - start);
    }
    std::printf("DONE,wrong=%d\n", wrong);
    return wrong == 0 ? 0 : 1;
}
