package dev.gbpf.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUresult;

/**
 * The driver's linker ({@code cuLink*}), called without JCuda so that the logs, which the driver writes to until the link is
 * destroyed, are in memory that lives as long.
 */
final class LinkerCalls {
    private static final int LOG_BYTES = 16_384;
    /** Inputs begin at a multiple of this, as fat binaries and cubins do in files. */
    private static final int ALIGNMENT = 16;

    private final MethodHandle create;
    private final MethodHandle addData;
    private final MethodHandle complete;
    private final MethodHandle destroy;

    LinkerCalls(NativeLibrary cuda) {
        create = cuda.function("cuLinkCreate_v2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        addData = cuda.function(
                "cuLinkAddData_v2",
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS, ADDRESS));
        complete = cuda.function("cuLinkComplete", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        destroy = cuda.function("cuLinkDestroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    /**
     * Machine code for the current context's GPU.
     *
     * @param maxRegisters of a thread, for what is compiled from PTX; 0: no limit
     * @throws CudaException with what the linker said, when it refuses
     */
    byte[] link(List<LinkInput> inputs, int maxRegisters) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errors = arena.allocate(LOG_BYTES);
            MemorySegment options = arena.allocateFrom(
                    JAVA_INT,
                    CUjit_option.CU_JIT_ERROR_LOG_BUFFER,
                    CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES,
                    CUjit_option.CU_JIT_MAX_REGISTERS);
            MemorySegment values = arena.allocateFrom(JAVA_LONG, errors.address(), LOG_BYTES, maxRegisters);
            MemorySegment state = arena.allocate(ADDRESS);
            int count = maxRegisters > 0 ? 3 : 2;
            check(call(create, count, options, values, state), "beginning to link", errors);
            MemorySegment link = state.get(ADDRESS, 0);
            try {
                for (LinkInput input : inputs) {
                    add(arena, link, input, errors);
                }
                MemorySegment cubin = arena.allocate(ADDRESS);
                MemorySegment bytes = arena.allocate(JAVA_LONG);
                check(call(complete, link, cubin, bytes), "linking " + names(inputs), errors);
                return cubin.get(ADDRESS, 0)
                        .reinterpret(bytes.get(JAVA_LONG, 0))
                        .toArray(JAVA_BYTE);
            } finally {
                // What it returns says only that there was such a link.
                call(destroy, link);
            }
        }
    }

    private void add(Arena arena, MemorySegment link, LinkInput input, MemorySegment errors) {
        // PTX ends with a zero byte, which counts; the copy has one behind every input.
        long bytes = input.image().length + (input.kind() == LinkInput.Kind.PTX ? 1L : 0L);
        MemorySegment image = arena.allocate(input.image().length + 1L, ALIGNMENT);
        MemorySegment.copy(input.image(), 0, image, JAVA_BYTE, 0, input.image().length);
        int kind = input.kind().ordinal();
        MemorySegment name = arena.allocateFrom(input.name());
        MemorySegment none = MemorySegment.NULL;
        check(call(addData, link, kind, image, bytes, name, 0, none, none), "linking " + input.name(), errors);
    }

    private static String names(List<LinkInput> inputs) {
        return String.join(", ", inputs.stream().map(LinkInput::name).toList());
    }

    private static void check(int result, String action, MemorySegment log) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw CudaException.of(result, action, CUresult.stringFor(result), log.getString(0));
        }
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
