/* weighted_share in C; see weighted_share.gbpf. */
#include "gbpf.h"

GBPF_POLICY("weighted_share");

#define UNIT 4000
#define LONGEST 400000
#define SHORTEST 200
#define HEAVIEST 2000

static __always_inline __u64 weight(__u64 tenant)
{
    __s64 weight = gbpf_tenant_weight(tenant);

    return weight < 1 ? 1 : weight > HEAVIEST ? HEAVIEST : weight;
}

GBPF_HOOK(on_tick, ctx)
{
    __u64 heaviest = 1;
    __u64 unit;
    __u64 t;

    for (t = 0; t < ctx->tenants; t++) {
        __u64 one = weight(t);

        if (one > heaviest)
            heaviest = one;
    }
    unit = LONGEST / heaviest;
    unit = unit < SHORTEST ? SHORTEST : unit;
    unit = unit > UNIT ? UNIT : unit;
    for (t = 0; t < ctx->tenants; t++)
        gbpf_timeslice_set(t, weight(t) * unit);
    return 0;
}
