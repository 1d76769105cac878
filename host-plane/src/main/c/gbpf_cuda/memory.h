/* The device memory that the process has, by device, and the quota on it. */
#ifndef GBPF_CUDA_MEMORY_H
#define GBPF_CUDA_MEMORY_H

#include "cuda_types.h"
#include "process.h"

/* What keeps a piece of memory alive, each with its own keys. */
enum gbpf_memory_kind { GBPF_MEMORY_ADDRESS = 1, GBPF_MEMORY_ARRAY = 2, GBPF_MEMORY_HANDLE = 3, GBPF_MEMORY_MAPPING = 4 };

struct gbpf_memory_piece {
    uint64_t key; /* 0: free, 1: was taken */
    uint64_t bytes;
    uint64_t handle; /* of a mapping */
    uint32_t device;
    uint32_t references; /* to a handle: by the application and by mappings */
};

/* The thread's current device, or -1: memory is counted for none. */
int gbpf_current_device(void);

/* Takes bytes of the device's quota; false: there are not so many, and the allocation is to fail. */
bool gbpf_memory_reserve(int device, uint64_t bytes);
void gbpf_memory_return(int device, uint64_t bytes);

/* Notes what was reserved: to be found again by its key. */
void gbpf_memory_note(enum gbpf_memory_kind kind, uint64_t at, int device, uint64_t bytes, uint64_t handle);

/* One reference more or less. When none is left, the piece is given to *piece and forgotten, and it is true. */
void gbpf_memory_refer(enum gbpf_memory_kind kind, uint64_t at);
bool gbpf_memory_drop(enum gbpf_memory_kind kind, uint64_t at, struct gbpf_memory_piece *piece);

/* The quota of device that holds now, bytes; 0: none. */
uint64_t gbpf_quota_bytes(int device);
uint64_t gbpf_memory_used(int device);

void gbpf_memory_forget(void);

#endif
