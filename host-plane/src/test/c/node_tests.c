/* Graphs that are captured in a partition, and leave it when the application gets to know their nodes. */
#include "tests.h"

static struct test_daemon server;

static void start(uint32_t ordered) { start_in_partition(&server, ordered); }

static CUgraph capture(CUfunction kernel, CUstream stream) {
    CUgraph graph = NULL;
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), CUDA_SUCCESS);
    launch(kernel, stream);
    launch(kernel, stream);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), CUDA_SUCCESS);
    return graph;
}

static void graph_thatIsCaptured_keepsThePartition(void) {
    start(partition(0, 64));
    const CUfunction kernel = fake_kernel("kernel", 1000);
    const CUstream stream = new_stream();
    CUgraphExec exec = NULL;
    CUgraph graph = NULL;
    size_t count = 0;
    int status = 0;
    uint64_t id = 0;
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), CUDA_SUCCESS);
    /* Whoever asks for the capture and its graph, and counts nodes, has none of them. */
    CHECK_EQUAL(cuStreamGetCaptureInfo_v2(stream, &status, &id, &graph, NULL, NULL), CUDA_SUCCESS);
    launch(kernel, stream);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), CUDA_SUCCESS);
    CHECK_EQUAL(cuGraphGetNodes(graph, NULL, &count), CUDA_SUCCESS);
    CHECK_EQUAL(cuGraphInstantiateWithFlags(&exec, graph, 0), CUDA_SUCCESS);
    CHECK_EQUAL(count, 1);
    CHECK_EQUAL(fake_calls("cuGraphKernelNodeSetParams_v2"), 0);
}

/* Changing a node of an instance fails where the node is in a green context. */
static void graph_whoseNodesAreAskedFor_leavesThePartition(void) {
    start(partition(0, 64));
    const CUfunction kernel = fake_kernel("kernel", 1000);
    const CUfunction other = fake_kernel("other", 1000);
    const CUgraph graph = capture(kernel, new_stream());
    CUgraphNode nodes[2] = {0};
    CUgraphExec exec = NULL;
    size_t count = 2;
    CUDA_KERNEL_NODE_PARAMS parameters = {.func = other};
    CHECK_EQUAL(cuGraphGetNodes(graph, nodes, &count), CUDA_SUCCESS);
    CHECK_EQUAL(fake_node_sms(nodes[0]), 0);
    CHECK_EQUAL(fake_node_sms(nodes[1]), 0);
    CHECK_EQUAL(fake_calls("cuGraphKernelNodeSetParams_v2"), 2);
    CHECK_EQUAL(cuGraphInstantiateWithFlags(&exec, graph, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuGraphExecKernelNodeSetParams_v2(exec, nodes[0], &parameters), CUDA_SUCCESS);
}

static void graph_whoseRootsAreAskedFor_leavesThePartition(void) {
    start(partition(0, 64));
    const CUgraph graph = capture(fake_kernel("kernel", 1000), new_stream());
    CUgraphNode node = NULL;
    size_t count = 1;
    CHECK_EQUAL(cuGraphGetRootNodes(graph, &node, &count), CUDA_SUCCESS);
    CHECK_EQUAL(fake_node_sms(node), 0);
    CHECK_EQUAL(fake_calls("cuGraphKernelNodeSetParams_v2"), 2);
}

static void capture_whoseNodesAreAskedFor_leavesThePartitionAtItsEnd(void) {
    start(partition(0, 64));
    const CUfunction kernel = fake_kernel("kernel", 1000);
    const CUstream stream = new_stream();
    const CUgraphNode *last = NULL;
    CUgraph graph = NULL;
    size_t count = 0;
    int status = 0;
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), CUDA_SUCCESS);
    launch(kernel, stream);
    CHECK_EQUAL(cuStreamGetCaptureInfo_v2(stream, &status, NULL, &graph, &last, &count), CUDA_SUCCESS);
    CHECK_EQUAL(count, 1);
    CHECK_EQUAL(fake_node_sms(*last), partition(0, 64));
    launch(kernel, stream);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), CUDA_SUCCESS);
    CHECK_EQUAL(fake_node_sms(*last), 0);
    CHECK_EQUAL(fake_calls("cuGraphKernelNodeSetParams_v2"), 2);
    /* The next one is in the partition again. */
    capture(kernel, stream);
    CHECK_EQUAL(fake_calls("cuGraphKernelNodeSetParams_v2"), 2);
}

#define TEST(name) {#name, name, NULL}
const struct test node_tests[] = {
    TEST(graph_thatIsCaptured_keepsThePartition),
    TEST(graph_whoseNodesAreAskedFor_leavesThePartition),
    TEST(graph_whoseRootsAreAskedFor_leavesThePartition),
    TEST(capture_whoseNodesAreAskedFor_leavesThePartitionAtItsEnd),
    {0},
};
