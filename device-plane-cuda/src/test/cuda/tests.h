// The groups of native tests.
#pragma once

#include <vector>

#include "check.h"

extern const std::vector<test_case> QUEUE_TESTS;
extern const std::vector<test_case> PLANE_TESTS;
extern const std::vector<test_case> MAILBOX_TESTS;
extern const std::vector<test_case> CHAIN_TESTS;
extern const std::vector<test_case> HOOKS_TESTS;
extern const std::vector<test_case> PARTNER_TESTS;
extern const std::vector<test_case> TABLE_TESTS;
extern const std::vector<test_case> HASH_TESTS;
extern const std::vector<test_case> COPY_TESTS;
