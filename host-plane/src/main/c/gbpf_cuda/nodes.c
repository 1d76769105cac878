#include "nodes.h"

#include <stdlib.h>

#include "driver.h"
#include "handlers.h"
#include "partition.h"

static bool is_there(void) {
    return gbpf_driver.cuGraphGetNodes != NULL && gbpf_driver.cuGraphNodeGetType != NULL && gbpf_driver.cuGraphKernelNodeGetParams_v2 != NULL
        && gbpf_driver.cuGraphKernelNodeSetParams_v2 != NULL;
}

static void leave(CUgraphNode node) {
    CUDA_KERNEL_NODE_PARAMS parameters;
    int type = -1;
    if (gbpf_driver.cuGraphNodeGetType(node, &type) != CUDA_SUCCESS || type != CU_GRAPH_NODE_TYPE_KERNEL
        || gbpf_driver.cuGraphKernelNodeGetParams_v2(node, &parameters) != CUDA_SUCCESS)
        return;
    const CUcontext primary = gbpf_partition_primary(parameters.ctx);
    if (primary == NULL) return;
    parameters.ctx = primary;
    gbpf_driver.cuGraphKernelNodeSetParams_v2(node, &parameters);
}

void gbpf_graph_leave_partitions(CUgraph graph) {
    size_t count = 0;
    if (!gbpf_partition_is_used() || !is_there() || gbpf_driver.cuGraphGetNodes(graph, NULL, &count) != CUDA_SUCCESS || count == 0) return;
    CUgraphNode *nodes = calloc(count, sizeof(CUgraphNode));
    if (nodes != NULL && gbpf_driver.cuGraphGetNodes(graph, nodes, &count) == CUDA_SUCCESS)
        for (size_t i = 0; i < count; i++) leave(nodes[i]);
    free(nodes);
}

CUresult gbpf_graph_get_nodes(CUresult (*real)(CUgraph, CUgraphNode *, size_t *), enum gbpf_default_stream ds, CUgraph graph, CUgraphNode *nodes,
    size_t *count) {
    (void)ds;
    /* Whoever only counts them gets to know none. */
    if (nodes != NULL) gbpf_graph_leave_partitions(graph);
    return real(graph, nodes, count);
}

CUresult gbpf_graph_get_edges(CUresult (*real)(CUgraph, CUgraphNode *, CUgraphNode *, size_t *), enum gbpf_default_stream ds, CUgraph graph,
    CUgraphNode *from, CUgraphNode *to, size_t *count) {
    (void)ds;
    if (from != NULL || to != NULL) gbpf_graph_leave_partitions(graph);
    return real(graph, from, to, count);
}

CUresult gbpf_graph_get_edges_with_data(CUresult (*real)(CUgraph, CUgraphNode *, CUgraphNode *, void *, size_t *), enum gbpf_default_stream ds,
    CUgraph graph, CUgraphNode *from, CUgraphNode *to, void *data, size_t *count) {
    (void)ds;
    if (from != NULL || to != NULL) gbpf_graph_leave_partitions(graph);
    return real(graph, from, to, data, count);
}

CUresult gbpf_graph_node_find_in_clone(CUresult (*real)(CUgraphNode *, CUgraphNode, CUgraph), enum gbpf_default_stream ds, CUgraphNode *node,
    CUgraphNode original, CUgraph clone) {
    (void)ds;
    gbpf_graph_leave_partitions(clone);
    return real(node, original, clone);
}
