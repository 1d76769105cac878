/*
 * What is done around each entry point of kind CALL (wrappers.h): a function that gets the real one, the meaning of a null stream, and the
 * arguments. The table itself is the list of their types.
 */
#ifndef GBPF_CUDA_HANDLERS_H
#define GBPF_CUDA_HANDLERS_H

#include "wrappers.h"

/* The handlers' files include this for the functions' types to be checked against the table. */
#define GBPF_HANDLER(name, ...) CUresult name(CUresult (*real)(__VA_ARGS__), enum gbpf_default_stream ds, ##__VA_ARGS__)

/* launches.c */
GBPF_HANDLER(gbpf_launch_multi_device, CUDA_LAUNCH_PARAMS *, unsigned, unsigned);

/* copies.c */
GBPF_HANDLER(gbpf_copy_from_host, CUdeviceptr, const void *, size_t, CUstream);
GBPF_HANDLER(gbpf_copy_to_host, void *, CUdeviceptr, size_t, CUstream);
GBPF_HANDLER(gbpf_copy_unified, CUdeviceptr, CUdeviceptr, size_t, CUstream);

/* memory.c */
GBPF_HANDLER(gbpf_alloc, CUdeviceptr *, size_t);
GBPF_HANDLER(gbpf_alloc_pitch, CUdeviceptr *, size_t *, size_t, size_t, unsigned);
GBPF_HANDLER(gbpf_alloc_managed, CUdeviceptr *, size_t, unsigned);
GBPF_HANDLER(gbpf_alloc_async, CUdeviceptr *, size_t, CUstream);
GBPF_HANDLER(gbpf_alloc_from_pool, CUdeviceptr *, size_t, CUmemoryPool, CUstream);
GBPF_HANDLER(gbpf_free, CUdeviceptr);
GBPF_HANDLER(gbpf_free_async, CUdeviceptr, CUstream);
GBPF_HANDLER(gbpf_array_create, CUarray *, const CUDA_ARRAY_DESCRIPTOR *);
GBPF_HANDLER(gbpf_array_3d_create, CUarray *, const CUDA_ARRAY3D_DESCRIPTOR *);
GBPF_HANDLER(gbpf_mipmapped_create, CUmipmappedArray *, const CUDA_ARRAY3D_DESCRIPTOR *, unsigned);
GBPF_HANDLER(gbpf_array_destroy, CUarray);
GBPF_HANDLER(gbpf_mipmapped_destroy, CUmipmappedArray);
GBPF_HANDLER(gbpf_mem_get_info, size_t *, size_t *);
GBPF_HANDLER(gbpf_total_mem, size_t *, CUdevice);

/* virtual_memory.c */
GBPF_HANDLER(gbpf_mem_create, CUmemHandle *, size_t, const CUmemAllocationProp *, unsigned long long);
GBPF_HANDLER(gbpf_mem_release, CUmemHandle);
GBPF_HANDLER(gbpf_mem_retain, CUmemHandle *, void *);
GBPF_HANDLER(gbpf_mem_map, CUdeviceptr, size_t, size_t, CUmemHandle, unsigned long long);
GBPF_HANDLER(gbpf_mem_unmap, CUdeviceptr, size_t);

/* contexts.c */
GBPF_HANDLER(gbpf_init, unsigned);
GBPF_HANDLER(gbpf_stream_create, CUstream *, unsigned);
GBPF_HANDLER(gbpf_stream_create_with_priority, CUstream *, unsigned, int);
GBPF_HANDLER(gbpf_stream_get_context, CUstream, CUcontext *);
GBPF_HANDLER(gbpf_stream_get_contexts, CUstream, CUcontext *, CUgreenCtx *);
GBPF_HANDLER(gbpf_stream_get_green, CUstream, CUgreenCtx *);
GBPF_HANDLER(gbpf_stream_destroy, CUstream);
GBPF_HANDLER(gbpf_context_destroy, CUcontext);
GBPF_HANDLER(gbpf_primary_release, CUdevice);
GBPF_HANDLER(gbpf_primary_reset, CUdevice);

/* procaddress.c */
GBPF_HANDLER(gbpf_get_proc_address, const char *, void **, int, uint64_t);
GBPF_HANDLER(gbpf_get_proc_address_v2, const char *, void **, int, uint64_t, int *);

/* waits.c */
GBPF_HANDLER(gbpf_stream_synchronize, CUstream);
GBPF_HANDLER(gbpf_stream_query, CUstream);
GBPF_HANDLER(gbpf_event_record, CUevent, CUstream);
GBPF_HANDLER(gbpf_event_record_with_flags, CUevent, CUstream, unsigned);
GBPF_HANDLER(gbpf_event_query, CUevent);
GBPF_HANDLER(gbpf_event_synchronize, CUevent);
GBPF_HANDLER(gbpf_event_destroy, CUevent);
CUresult gbpf_context_synchronize(CUresult (*real)(void), enum gbpf_default_stream ds);
GBPF_HANDLER(gbpf_context_synchronize_v2, CUcontext);

/* capture.c */
GBPF_HANDLER(gbpf_begin_capture_v1, CUstream);
GBPF_HANDLER(gbpf_begin_capture, CUstream, int);
GBPF_HANDLER(gbpf_begin_capture_to_graph, CUstream, CUgraph, const CUgraphNode *, const void *, size_t, int);
GBPF_HANDLER(gbpf_end_capture, CUstream, CUgraph *);
GBPF_HANDLER(gbpf_capture_info, CUstream, int *, uint64_t *, CUgraph *, const CUgraphNode **, size_t *);
GBPF_HANDLER(gbpf_capture_info_with_data, CUstream, int *, uint64_t *, CUgraph *, const CUgraphNode **, const void **, size_t *);
GBPF_HANDLER(gbpf_graph_instantiate, CUgraphExec *, CUgraph, CUgraphNode *, char *, size_t);
GBPF_HANDLER(gbpf_graph_instantiate_with_flags, CUgraphExec *, CUgraph, unsigned long long);
GBPF_HANDLER(gbpf_graph_instantiate_with_params, CUgraphExec *, CUgraph, void *);
GBPF_HANDLER(gbpf_graph_exec_destroy, CUgraphExec);
GBPF_HANDLER(gbpf_graph_destroy, CUgraph);

/* nodes.c */
GBPF_HANDLER(gbpf_graph_get_nodes, CUgraph, CUgraphNode *, size_t *);
GBPF_HANDLER(gbpf_graph_get_edges, CUgraph, CUgraphNode *, CUgraphNode *, size_t *);
GBPF_HANDLER(gbpf_graph_get_edges_with_data, CUgraph, CUgraphNode *, CUgraphNode *, void *, size_t *);
GBPF_HANDLER(gbpf_graph_node_find_in_clone, CUgraphNode *, CUgraphNode, CUgraph);

/* A stream that is destroyed takes its capture with it. */
void gbpf_capture_destroyed(CUstream stream);

#endif
