package dev.gbpf.cuda.cpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.build.NativeBuild;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A shared library of task functions, written with {@code gbpf_task.h}. */
public final class TaskLibrary implements AutoCloseable {
    /** What {@code GBPF_EXPORT_TASK(name)} exports is this and the name. */
    public static final String PREFIX = "gbpf_task_";

    private final MemorySegment handle;
    private boolean closed;

    private TaskLibrary(MemorySegment handle) {
        this.handle = handle;
    }

    /**
     * Loads one.
     *
     * @throws IllegalArgumentException with the loader's words, when it cannot be loaded
     * @throws dev.gbpf.cuda.build.NativeBuildException when this build has no code for the CPU
     */
    public static TaskLibrary open(Path file) {
        CpuLibrary.get(); // it has the functions of gbpf_task.h
        try {
            return new TaskLibrary(DynamicLoader.open(file, false));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the task library " + file + " cannot be loaded: " + e.getMessage()
                            + "; build it as a shared library (g++ -shared -fPIC) with this version's gbpf_task.h",
                    e);
        }
    }

    /**
     * Loads one that is part of this build.
     *
     * @param name as in {@link NativeBuild#taskLibrary}
     */
    public static TaskLibrary ofBuild(String name) {
        return NativeImage.inFile(name, NativeBuild.current().taskLibrary(name), TaskLibrary::open);
    }

    /** A variable of it, {@code extern "C"}; nothing when it has none of that name. */
    public synchronized OptionalLong variable(String name) {
        checkOpen();
        MemorySegment variable = DynamicLoader.symbol(handle, name);
        return variable.equals(MemorySegment.NULL) ? OptionalLong.empty() : OptionalLong.of(variable.address());
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the task library is closed");
        }
    }

    /** Where the code of a task function is; nothing when none is exported by that name. */
    public OptionalLong function(String name) {
        OptionalLong variable = variable(PREFIX + name);
        return variable.isPresent()
                ? OptionalLong.of(MemorySegment.ofAddress(variable.getAsLong())
                        .reinterpret(Long.BYTES)
                        .get(JAVA_LONG, 0))
                : variable;
    }

    /** Unloads it; none of its functions may run any more. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            DynamicLoader.close(handle);
        }
    }
}
