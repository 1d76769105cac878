// What the native tests share: a check that says where it failed, random numbers, threads.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

#define CHECK(condition)                                                                                      \
do {                                                                                                      \
        if (!(condition)) {                                                                                   \
            std::fprintf(stderr, "%s:%d: %s: failed: %s\n", __FILE__, __LINE__, __func__, #condition);        \
            std::abort();                                                                                     \
    }                                                                                                     \
} while (0)

/** splitmix64. */
class random_numbers {
public:
    explicit random_numbers(uint64_t seed) : state_(seed) {}
    uint64_t next() {
        uint64_t z = state_ += 0x9E3779B97F4A7C15u;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
        z = (z ^ z >> 27) * 0x94D049BB133111EBu;
        return z ^ z >> 31;
    }
    /** 0 to n - 1. */
    uint32_t below(uint32_t n) { return static_cast<uint32_t>(next() % n); }

private:
    uint64_t state_;
};

/** Runs f(0) .. f(n - 1) in threads and waits for all. */
inline void in_threads(unsigned n, const std::function<void(unsigned)> &f) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < n; ++i) threads.emplace_back(f, i);
    for (auto &t : threads) t.join();
}

struct test_case {
    const char *name;
    void (*run)();
};
