/* Copies between host and device: how many bytes a second, and in pieces of what size. */
#ifndef GBPF_CUDA_PACING_H
#define GBPF_CUDA_PACING_H

#include "process.h"

/* Waits until bytes may be copied; now is when the call began. Returns for how long it waited, ns; no longer than a hold may last. */
uint64_t gbpf_pace(struct gbpf_segment *segment, enum gbpf_event_kind kind, uint64_t bytes, uint64_t now);

/* The size of the pieces in which bytes are to be copied; bytes, if whole. */
uint64_t gbpf_piece_bytes(const struct gbpf_segment *segment, uint64_t bytes);

#endif
