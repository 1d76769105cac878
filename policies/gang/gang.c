/* gang in C; see gang.gbpf. */
#include "gbpf.h"

GBPF_POLICY("gang");

GBPF_HOOK(on_collective_phase, ctx)
{
    return GBPF_GANG_BOOST;
}
