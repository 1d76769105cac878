#include "tests.h"
const struct test capture_tests[] = {{0}};
