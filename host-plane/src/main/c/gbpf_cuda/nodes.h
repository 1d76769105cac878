/*
 * Graphs that were captured in a partition, and whose nodes the application takes into its own hands. The driver lets nobody change a node of an
 * instance of such a graph, nor makes an instance of one with a condition over such nodes. So a graph leaves the partition before the
 * application gets to know one of its nodes: its kernels run on all SMs, and everything can be done with them that can be done without a partition.
 */
#ifndef GBPF_CUDA_NODES_H
#define GBPF_CUDA_NODES_H

#include "cuda_types.h"

/* The graph's kernels leave the partitions that they were captured in. */
void gbpf_graph_leave_partitions(CUgraph graph);

#endif
