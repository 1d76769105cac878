/* weighted_share in C; see weighted_share.gbpf. */
#include "gbpf.h"

GBPF_POLICY("weighted_share");

#define PERIOD 4
#define FAVOURED 20000
#define REST 1
#define SCALE 1024
#define MOST_OWED (20000000ULL * SCALE)

/* Tenant -> its device time when it was charged last, ns. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} seen SEC(".maps");

/* Tenant -> what it has been charged. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} had SEC(".maps");

static __always_inline __u64 used_ns(__u64 tenant)
{
    __s64 used = gbpf_tenant_used_ns(tenant);

    return used < 0 ? 0 : used;
}

GBPF_HOOK(init, ctx)
{
    __u32 t;

    for (t = 0; t < ctx->tenants; t++) {
        __u64 used = used_ns(t);
        __u64 *before = bpf_map_lookup_elem(&seen, &t);

        if (before)
            *before = used;
    }
    return 0;
}

GBPF_HOOK(on_tick, ctx)
{
    __u64 least = GBPF_NONE;
    __u64 first = GBPF_NONE;
    __u32 t;

    if (ctx->tick % PERIOD != 0)
        return 0;
    for (t = 0; t < ctx->tenants; t++) {
        __u64 used = used_ns(t);
        __s64 weight = gbpf_tenant_weight(t);
        __u64 *before = bpf_map_lookup_elem(&seen, &t);
        __u64 *sum = bpf_map_lookup_elem(&had, &t);

        if (!before || !sum)
            continue;
        *sum += (used - (*before < used ? *before : used)) * SCALE / (weight < 1 ? 1 : weight);
        *before = used;
        if (*sum < least && gbpf_tenant_busy(t) == 1) {
            least = *sum;
            first = t;
        }
    }
    if (first == GBPF_NONE)
        return 0;
    for (t = 0; t < ctx->tenants; t++) {
        if (least > MOST_OWED) {
            __u64 *sum = bpf_map_lookup_elem(&had, &t);

            if (sum && *sum < least - MOST_OWED)
                *sum = least - MOST_OWED;
        }
        gbpf_timeslice_set(t, t == first ? FAVOURED : REST);
    }
    return 0;
}
