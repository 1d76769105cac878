/* device_fair in C; see device_fair.gbpf. */
#include "gbpf.h"

GBPF_POLICY("device_fair");

GBPF_HOOK(sm_tick, ctx)
{
    ctx->refill_ns = ctx->quota_ns;
    ctx->share = ctx->weight;
    return GBPF_REFILL;
}
