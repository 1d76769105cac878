/* The segments of the process: one of its own, and one for each attachment. */
#ifndef GBPF_CUDA_SEGMENTS_H
#define GBPF_CUDA_SEGMENTS_H

#include "process.h"

enum { GBPF_SEGMENT_AREAS = 64 };

/* Whether there were more attachments than places: the present one's was another's, whose memory the driver may have registered there. */
bool gbpf_segments_are_reused(void);

/* A fresh segment for an attachment: sealed, its head written, its descriptor in *memory. Null, with *memory < 0: the system gave none. */
struct gbpf_segment *gbpf_segment_make(int *memory, uint32_t attachment);

/* Makes segment what is counted in from now on; streams and estimates go over, counts begin anew. */
void gbpf_segment_adopt(struct gbpf_segment *segment);

/* Back to the process's own. */
void gbpf_segment_leave(void);

/* In a child after fork: every segment becomes memory of the child's own. */
void gbpf_segments_forget(void);

#endif
