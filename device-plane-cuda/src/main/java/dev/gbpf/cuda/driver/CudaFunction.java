package dev.gbpf.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;

/** A kernel. It can be used as long as its module is loaded. */
public final class CudaFunction {
    private final CudaModule module;
    private final String name;
    private final CUfunction handle;

    CudaFunction(CudaModule module, String name, CUfunction handle) {
        this.module = module;
        this.name = name;
        this.handle = handle;
    }

    public String name() {
        return name;
    }

    /** Registers of a thread. */
    public int registers() {
        return attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_NUM_REGS);
    }

    /** Local memory of a thread, bytes: spilled registers and arrays. */
    public int localBytes() {
        return attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES);
    }

    /** Shared memory of a block that the code itself asks for, bytes. */
    public int staticSharedBytes() {
        return attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES);
    }

    /** Threads of a block, at most. */
    public int maxThreads() {
        return attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
    }

    private int attribute(int attribute) {
        return module.api().functionAttribute(handle, attribute);
    }

    /** Allows launches with this much dynamic shared memory; without it, 48 KiB are the most. */
    public void allowSharedBytes(int bytes) {
        module.api()
                .setFunctionAttribute(
                        handle, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes);
    }

    /**
     * Lets later launches have their blocks in clusters, which run on SMs beside each other and reach each other's shared memory (CUDA C++
     * Programming Guide, Thread Block Clusters).
     *
     * @param blocks of each cluster; the blocks of a launch must be a multiple of it. 1: no clusters
     * @throws CudaException when the GPU has none: before compute capability 9.0
     */
    public void clusterBlocks(int blocks) {
        DriverApi api = module.api();
        api.setFunctionAttribute(handle, CUfunction_attribute.CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH, blocks);
        api.setFunctionAttribute(handle, CUfunction_attribute.CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_HEIGHT, 1);
        api.setFunctionAttribute(handle, CUfunction_attribute.CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_DEPTH, 1);
    }

    /** Blocks that one SM holds at once. */
    public int blocksPerSm(int threads, int sharedBytes) {
        return module.api().blocksPerSm(handle, threads, sharedBytes);
    }

    /**
     * Queues a launch.
     *
     * @param arguments as the kernel declares them: {@link Integer} for 4 bytes, {@link Long} for 8 bytes and pointers, byte
     *     arrays for structures
     * @throws IllegalArgumentException for any other argument
     */
    public void launch(LaunchShape shape, CudaStream stream, Object... arguments) {
        byte[][] bytes = new byte[arguments.length][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes(arguments[i]);
        }
        module.api().launch(handle, shape, stream.handle(), List.of(bytes));
    }

    private byte[] bytes(Object argument) {
        return switch (argument) {
            case Integer value -> buffer(Integer.BYTES).putInt(value).array();
            case Long value -> buffer(Long.BYTES).putLong(value).array();
            case byte[] value -> value.clone();
            default ->
                throw new IllegalArgumentException(name + " was given a "
                        + argument.getClass().getSimpleName() + "; arguments are Integer, Long or byte[]");
        };
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
