// The native test driver: runs all tests, or those whose name contains one of the arguments; the first failure aborts.
#include <chrono>
#include <cstring>

#include "tests.h"

int main(int count, char **arguments) {
    int ran = 0;
    for (const auto *group : {&QUEUE_TESTS, &PLANE_TESTS, &MAILBOX_TESTS, &CHAIN_TESTS, &HOOKS_TESTS, &PARTNER_TESTS, &TABLE_TESTS,
             &HASH_TESTS, &COPY_TESTS}) {
        for (const test_case &test : *group) {
            bool wanted = count == 1;
            for (int i = 1; i < count; ++i) wanted |= std::strstr(test.name, arguments[i]) != nullptr;
            if (!wanted) continue;
            const auto start = std::chrono::steady_clock::now();
            test.run();
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
            std::printf("ok %s %.2f s\n", test.name, took.count());
            std::fflush(stdout);
            ++ran;
        }
    }
    std::printf("%d tests passed\n", ran);
    return ran > 0 ? 0 : 1;
}
