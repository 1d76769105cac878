package dev.gbpf.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.driver.DriverApi.Extent;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import jcuda.driver.CUresult;

/** The driver's calls for libraries of code ({@code cuLibrary*}), which JCuda does not have. */
final class LibraryCalls {
    /** Images begin at a multiple of this, as they do in files. */
    private static final int ALIGNMENT = 16;

    private final MethodHandle loadData;
    private final MethodHandle getGlobal;
    private final MethodHandle unload;

    LibraryCalls(NativeLibrary cuda) {
        loadData = cuda.function(
                "cuLibraryLoadData",
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        getGlobal = cuda.function(
                "cuLibraryGetGlobal", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        unload = cuda.function("cuLibraryUnload", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    /** See {@link DriverApi#loadLibrary}. */
    long load(String name, byte[] image) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(image.length + 1L, ALIGNMENT);
            MemorySegment.copy(image, 0, copy, JAVA_BYTE, 0, image.length);
            MemorySegment library = arena.allocate(JAVA_LONG);
            MemorySegment none = MemorySegment.NULL;
            int result;
            try {
                result = (int) loadData.invokeExact(library, copy, none, none, 0, none, none, 0);
            } catch (Throwable e) {
                throw unexpected(e);
            }
            check(result, "loading library " + name);
            return library.get(JAVA_LONG, 0);
        }
    }

    /** See {@link DriverApi#libraryGlobal}. */
    Extent global(long library, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(JAVA_LONG);
            MemorySegment bytes = arena.allocate(JAVA_LONG);
            int result;
            try {
                result = (int) getGlobal.invokeExact(address, bytes, library, arena.allocateFrom(name));
            } catch (Throwable e) {
                throw unexpected(e);
            }
            check(result, "finding variable " + name);
            return new Extent(address.get(JAVA_LONG, 0), bytes.get(JAVA_LONG, 0));
        }
    }

    /** See {@link DriverApi#unloadLibrary}. */
    void unload(long library) {
        int result;
        try {
            result = (int) unload.invokeExact(library);
        } catch (Throwable e) {
            throw unexpected(e);
        }
        check(result, "unloading a library");
    }

    private static void check(int result, String action) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw CudaException.of(result, action, CUresult.stringFor(result), "");
        }
    }

    /** A call of native code throws nothing of its own. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
}
