/* One of each: global and static functions, variables of every kind, maps of every form. */
#include "gbpf.h"

GBPF_POLICY("everything");

struct account {
    __u64 time_ns;
    __u32 jobs;
    char name[12];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, struct account);
    __uint(max_entries, 64);
} accounts SEC(".maps");

static struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 8);
    __uint(max_entries, 16);
} hits SEC(".maps");

__u64 started = 5;                       /* .data */
static __u32 calls;                      /* .bss */
const volatile __u32 limit = 7;          /* .rodata */
static const __u32 share[8] = {1, 2, 3, 5, 8, 13, 21, 34}; /* .rodata.cst32 */

__noinline __u64 scaled(__u64 x)
{
    return x * 3 + started;
}

static __noinline __u64 mixed(__u64 x)
{
    return scaled(x) ^ calls++;
}

GBPF_HOOK(on_submit, ctx)
{
    __u32 tenant = ctx->tenant;
    struct account *account = bpf_map_lookup_elem(&accounts, &tenant);

    if (account) {
        account->time_ns += share[tenant & 7];
        account->jobs++;
    } else {
        struct account fresh = {.name = "fresh"};

        bpf_map_update_elem(&accounts, &tenant, &fresh, BPF_ANY);
    }
    if (mixed(ctx->now_ns) > limit)
        return GBPF_REJECT;
    return GBPF_ENQUEUE;
}

static __noinline __u64 first(__u32 index)
{
    __u64 *hit = bpf_map_lookup_elem(&hits, &index);

    return hit ? ++*hit : 0;
}

GBPF_HOOK(on_dispatch, ctx)
{
    return (first(ctx->vslice) + scaled(ctx->now_ns)) & 0xff;
}
