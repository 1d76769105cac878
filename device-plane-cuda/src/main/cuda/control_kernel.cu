// The entry points of the resident kernel, and nothing else.
#include "gbpf/control.cuh"
#include "gbpf/table_policy.cuh"

/** Readies a plane that was laid out in zeroed memory; any grid. Ends before the first gbpf_control starts. */
extern "C" __global__ void gbpf_format(gbpf_plane *plane) {
    gbpf::format_plane(plane, (blockIdx.x * blockDim.x + threadIdx.x) / gbpf::WARP_LANES, gridDim.x * blockDim.x / gbpf::WARP_LANES);
}

/** Lays a plane out at `base`, for the params in *plane; one thread. The host reads plane->bytes and allocates. */
extern "C" __global__ void gbpf_lay_out(gbpf_plane *plane, uint64_t base) { gbpf::lay_out(*plane, base, sizeof(gbpf::block_kept)); }

/**
 * One launch: params.workers + 1 blocks of 32 * params.warps threads; all must be resident at once. `launch` counts from 1. The newest policy table
 * is an argument: read by all blocks at once, the host's words come to one after the other, 2 us each.
 */
extern "C" __global__ void __launch_bounds__(512, 1)
    gbpf_control(gbpf_plane *plane, uint64_t duration_ns, uint32_t launch, uint64_t policy_address, uint64_t policy_epoch) {
    gbpf::run_launch<gbpf::table_policy>(plane, duration_ns, launch, gbpf::table_place{policy_address, policy_epoch});
}

/** Bytes of shared memory that a launch of gbpf_control needs. */
extern "C" __global__ void gbpf_shared_bytes(uint32_t *bytes) { *bytes = sizeof(gbpf::block_memory); }
