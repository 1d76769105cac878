/* Captures: streams whose calls become a graph instead of work. Nothing is held, measured or added there. */
#ifndef GBPF_CUDA_CAPTURE_H
#define GBPF_CUDA_CAPTURE_H

#include "process.h"
#include "wrappers.h"

/* Of the captures under way those into graphs that the application made: bodies of conditions, mostly. */
extern uint32_t gbpf_bodies;

/*
 * Asks the driver: events may have drawn any stream into a capture. The legacy stream beside a capture counts as in one. While no capture is under
 * way in the process no stream is in one, and nobody need ask.
 */
bool gbpf_is_capturing(CUstream stream, enum gbpf_default_stream ds);

/* A call goes into a capture. */
void gbpf_captured(struct gbpf_segment *segment, enum gbpf_event_kind kind, uintptr_t identity);

/* In a child after fork. */
void gbpf_captures_forget(void);

/* Lets this thread make calls that a capture elsewhere in the process would forbid it, and that would break that capture; and undoes it. */
int gbpf_relax_capture(void);
void gbpf_restore_capture(int mode);

/* What an executable graph costs before it is measured, ns, and whether it holds collective operations. */
uint64_t gbpf_graph_cost_ns(CUgraphExec exec);
bool gbpf_graph_is_collective(CUgraphExec exec);

#endif
