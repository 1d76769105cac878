/* Instructions that ordinary policies seldom have: for comparing listings with LLVM's, not for running. */
#include "gbpf.h"

GBPF_POLICY("instructions");

__u64 cell;
__u32 half;
volatile __s8 narrow[8];
volatile __s16 wide[4];
volatile __s32 word[2];

__noinline __u64 swapped(__u64 x)
{
    return __builtin_bswap64(x) ^ __builtin_bswap32((__u32)x) ^ __builtin_bswap16((__u16)(x >> 5));
}

__noinline __s64 extended(__u64 x)
{
    return narrow[x & 7] + wide[x & 3] + word[x & 1] + (__s8)x + (__s16)(x >> 3) + (__s32)(x >> 7);
}

__noinline __u64 divided(__u64 x, __u64 y)
{
    __u32 narrow_x = x, narrow_y = y;
    __u64 sum = x / y + x % y + narrow_x / narrow_y + narrow_x % narrow_y;

#if __BPF_CPU_VERSION__ >= 4
    sum += (__s64)x / (__s64)y + (__s64)x % (__s64)y;
    sum += (__s64)((__s32)x / (__s32)y) + (__s64)((__s32)x % (__s32)y);
#endif
    return sum;
}

__noinline __u64 shared(__u64 x)
{
    __sync_fetch_and_add(&cell, x);
#if __BPF_CPU_VERSION__ >= 3
    x += __sync_fetch_and_add(&cell, x);
    x += __sync_fetch_and_or(&cell, x);
    x += __sync_fetch_and_and(&cell, x);
    x += __sync_fetch_and_xor(&cell, x);
    x += __sync_lock_test_and_set(&cell, x);
    x += __sync_val_compare_and_swap(&cell, x, 3);
    x += __sync_fetch_and_add(&half, (__u32)x);
    x += __sync_lock_test_and_set(&half, (__u32)x);
    x += __sync_val_compare_and_swap(&half, (__u32)x, 3);
#endif
    return x;
}

__noinline __u64 compared(__u64 x, __u64 y)
{
    __s64 a = x, b = y;
    __s32 c = (__s32)x, d = (__s32)y;
    __u64 sum = 0;

    for (__u32 i = 0; i < 7; i++) {
        if (a < b - i)
            sum += cell;
        if (a >= 3 + i)
            sum ^= half;
        if (c < d)
            sum -= cell;
        if (c > -5)
            sum = -sum;
        if (x > y + i)
            sum |= 0x123456789abcdef0ULL;
        if (x & 16)
            sum <<= y & 63;
        if ((__u32)y <= 77)
            sum >>= x & 63;
        a >>= i & 63;
        c >>= i & 31;
        cell = sum;
    }
    return sum + a + c;
}

GBPF_HOOK(on_dispatch, ctx)
{
    __u64 x = ctx->now_ns;

    return (swapped(x) + extended(x) + divided(x, x | 1) + shared(x) + compared(x, x >> 9)) & 0xff;
}
