/* The ring of events: what the application did, for recordings. */
#ifndef GBPF_CUDA_RECORD_H
#define GBPF_CUDA_RECORD_H

#include "calls.h"

enum { GBPF_ALL_STREAMS = 0xffff };

/* The call has been made; it is the stream's launch of that number. */
void gbpf_record_work(const struct gbpf_call *call, const struct gbpf_work *work, uint64_t number);

/* Memory was taken or given back; nothing if the daemon does not record. */
void gbpf_record_memory(enum gbpf_event_kind kind, uint64_t bytes);

/* The application waited for the stream's launches up to that number, and it took ns; nothing if the daemon does not record. */
void gbpf_record_wait(uint32_t stream, uint64_t number, uint64_t ns);

#endif
