/* An object that says which version of the interface it was compiled for. */
#include "gbpf.h"

GBPF_HOOK(on_dispatch, ctx)
{
    return 1;
}
