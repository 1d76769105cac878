/*
 * The few requests of the resource manager, by ioctl, that the library watches or makes. Structures: nvos.h, ctrla06c and class cla06c of
 * NVIDIA's open kernel modules (MIT), release 580.
 */
#ifndef GBPF_CUDA_RESOURCE_MANAGER_H
#define GBPF_CUDA_RESOURCE_MANAGER_H

#include <stdint.h>
#include <sys/ioctl.h>

enum { RM_MAGIC = 'F', RM_FREE = 0x29, RM_CONTROL = 0x2A, RM_ALLOC = 0x2B };
enum { RM_CLASS_CHANNEL_GROUP = 0xA06C };
#define RM_SET_TIMESLICE 0xA06C0103u
#define RM_GET_TIMESLICE 0xA06C0104u

/* NVOS00 */
struct rm_free {
    uint32_t client, parent, object, status;
};

/* NVOS21: the shorter form of RM_ALLOC */
struct rm_alloc_short {
    uint32_t client, parent, object, class_;
    uint64_t parameters;
    uint32_t parameters_bytes, status;
};

/* NVOS64 */
struct rm_alloc {
    uint32_t client, parent, object, class_;
    uint64_t parameters, rights;
    uint32_t parameters_bytes, flags, status, pad;
};

/* NV_CHANNEL_GROUP_ALLOCATION_PARAMETERS, its beginning */
struct rm_channel_group {
    uint32_t error, ecc_error, address_space, engine;
};
/* Engines of channel groups (cl2080.h) whose turns are not those of kernels: copy engines. */
enum { RM_ENGINE_FIRST_COPY = 9, RM_ENGINE_LAST_COPY = 18 };

/* NVOS54 */
struct rm_control {
    uint32_t client, object, command, flags;
    uint64_t parameters;
    uint32_t parameters_bytes, status;
};

#define RM_IOCTL_CONTROL _IOWR(RM_MAGIC, RM_CONTROL, struct rm_control)

_Static_assert(sizeof(struct rm_free) == 16 && sizeof(struct rm_alloc_short) == 32, "as in nvos.h");
_Static_assert(sizeof(struct rm_alloc) == 48 && sizeof(struct rm_control) == 32, "as in nvos.h");

#endif
