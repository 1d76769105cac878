/* thermal_cap in C; see thermal_cap.gbpf. */
#include "gbpf.h"

GBPF_POLICY("thermal_cap");

#define LIMIT 85
#define MARGIN 10

GBPF_HOOK(therm_tick, ctx)
{
    __u64 parts = MARGIN, all = ctx->workers, workers;

    if (ctx->temperature_c >= LIMIT)
        parts = 1;
    else if (ctx->temperature_c + MARGIN > LIMIT)
        parts = LIMIT - ctx->temperature_c;
    workers = all * parts / MARGIN;
    if (ctx->power_limit_mw > 0 && ctx->power_mw / 95 >= ctx->power_limit_mw / 100 && workers > all * 3 / 4)
        workers = all * 3 / 4;
    if (workers == all)
        return GBPF_UNLIMITED;
    return workers > 0 ? workers : 1;
}
