package dev.gbpf.cuda.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The system's loader of shared libraries, called without Java's so that a library's functions can be seen by libraries that are
 * loaded after it, and so that a missing function is told when a library is loaded and not when it is called.
 */
final class DynamicLoader {
    private static final int NOW = 2;
    private static final int GLOBAL = System.getProperty("os.name").startsWith("Mac") ? 0x8 : 0x100;
    private static final long LONGEST_MESSAGE = 4096;

    private static final MethodHandle OPEN = function("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle SYMBOL = function("dlsym", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle CLOSE = function("dlclose", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle ERROR = function("dlerror", FunctionDescriptor.of(ADDRESS));

    private DynamicLoader() {}

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    /**
     * Loads a library with everything that it refers to.
     *
     * @param global whether libraries that are loaded later see its functions
     * @return its handle
     * @throws IllegalArgumentException with the loader's words, when it cannot be loaded
     */
    static MemorySegment open(Path file, boolean global) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(file.toAbsolutePath().toString());
            MemorySegment handle = (MemorySegment) OPEN.invokeExact(name, NOW | (global ? GLOBAL : 0));
            if (handle.equals(MemorySegment.NULL)) {
                throw new IllegalArgumentException(lastError());
            }
            return handle;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A symbol's address; {@link MemorySegment#NULL} when the library has none of that name. */
    static MemorySegment symbol(MemorySegment library, String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (MemorySegment) SYMBOL.invokeExact(library, arena.allocateFrom(name));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives a library back, whose code must not run any more. */
    static void close(MemorySegment library) {
        try {
            int refused = (int) CLOSE.invokeExact(library);
            if (refused != 0) {
                throw new IllegalStateException(lastError());
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static String lastError() throws Throwable {
        MemorySegment text = (MemorySegment) ERROR.invokeExact();
        return text.equals(MemorySegment.NULL)
                ? "the loader does not say why"
                : text.reinterpret(LONGEST_MESSAGE).getString(0);
    }
}
