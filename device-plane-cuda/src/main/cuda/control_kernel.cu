// The launch shell of the resident kernel: shared memory, barriers, and nothing else.
#include "gbpf/control.cuh"

/** Readies a plane that was laid out in zeroed memory; any grid. Ends before the first gbpf_control starts. */
extern "C" __global__ void gbpf_format(gbpf_plane *plane) {
gbpf::format_plane(plane, (blockIdx.x * blockDim.x + threadIdx.x) / gbpf::WARP_LANES, gridDim.x * blockDim.x / gbpf::WARP_LANES);
}

/** Lays a plane out at `base`, for the params in *plane; one thread. The host reads plane->bytes and allocates. */
extern "C" __global__ void gbpf_lay_out(gbpf_plane *plane, uint64_t base) { gbpf::lay_out(*plane, base, sizeof(gbpf::block_kept)); }

/** One launch: params.workers + 1 blocks of 32 * params.warps threads; all must be resident at once. `launch` counts from 1. */
extern "C" __global__ void __launch_bounds__(512, 1) gbpf_control(gbpf_plane *plane, uint64_t duration_ns, uint32_t launch) {
extern __shared__ __align__(16) unsigned char shared[];
gbpf::block_memory &memory = *reinterpret_cast<gbpf::block_memory *>(shared);
const uint32_t warp = threadIdx.x / gbpf::WARP_LANES;
if (warp == 0) {
    const uint64_t deadline = gbpf::lanes::all().leader([&] { return gbpf::now_ns() + duration_ns; });
    gbpf::enter_block(memory, plane, blockIdx.x, deadline, launch);
}
__syncthreads();
gbpf::fair_policy policy;
gbpf::run_warp(memory, warp, policy);
__syncthreads();
if (memory.state.is_control() && warp == 0) gbpf::report_end(plane, memory.tick.end_state);
}

/** Bytes of shared memory that a launch of gbpf_control needs. */
extern "C" __global__ void gbpf_shared_bytes(uint32_t *bytes) { *bytes = sizeof(gbpf::block_memory); }
