/*
 * A driver without a device: libcuda.so.1 for tests. It records calls in order, and simulates streams, events, captures, memory and time:
 * each launch takes as long as its function says, streams run in order, and what a stream writes is written when it gets there.
 */
#ifndef FAKE_CUDA_H
#define FAKE_CUDA_H

#include "cuda_types.h"

enum { FAKE_LOG = 65536, FAKE_ANY = -1, FAKE_NODES = 64 };

struct fake_call {
    const char *name;
    void *stream;
    uint64_t value; /* function, bytes, or address: what tells the call apart */
};

/* A kernel of this name, of whose launches each takes ns; with this time it is a library's, by the kernel's own handle. */
enum { FAKE_LIBRARY_KERNEL_NS = 777 };
CUfunction fake_kernel(const char *name, uint64_t ns);

/* Calls so far of this name; of all, if null. */
uint32_t fake_calls(const char *name);
struct fake_call fake_call_at(uint32_t i);

/* The next call of this name fails so, without an effect. */
void fake_fail_next(const char *name, CUresult result);

/* Is called in each kernel's launch, before it has an effect; null: nothing is. */
void fake_on_launch(void (*called)(void));

/* Captures that a call broke which is forbidden in them. */
uint32_t fake_broken_captures(void);

/* Device memory, bytes. */
extern uint64_t fake_memory_total;
extern uint64_t fake_memory_used;

/* The last stream's priority, as created. */
extern int fake_last_priority;

/* The SMs of the green context that the stream is in, as first << 16 | count; 0: it is in none. */
uint32_t fake_stream_sms(CUstream stream);

/* Times that two threads used one green context at once. */
uint32_t fake_green_misused(void);

/* The SMs of the green context that a node is in, likewise. */
uint32_t fake_node_sms(CUgraphNode node);

/* A graph that is to be the body of a condition. */
CUgraph fake_body(void);

/* Calls that were recorded are forgotten. */
void fake_log_clear(void);

#endif
