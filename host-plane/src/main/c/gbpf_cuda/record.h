/* The ring of events: what the application did, for recordings. */
#ifndef GBPF_CUDA_RECORD_H
#define GBPF_CUDA_RECORD_H

#include "calls.h"

enum { GBPF_ALL_STREAMS = 0xffff };

/* Call has been made. */
void gbpf_record_work(const struct gbpf_call *call, const struct gbpf_work *work);

/* Memory was taken or given back, or the application waited for ns; nothing if the daemon does not record. */
void gbpf_record(enum gbpf_event_kind kind, uint32_t stream, uint64_t bytes, uint64_t ns);

#endif
