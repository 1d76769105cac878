package dev.gbpf.cuda.driver;

/** Something of a context that must be given back. Closing it again does nothing; closing its context closes it. */
public abstract sealed class CudaResource implements AutoCloseable
        permits CudaModule, CudaLibrary, CudaStream, CudaGraph, CudaEvent, DeviceMemory, PinnedMemory {
    private final CudaContext context;
    /** Guarded by the context. */
    private boolean closed;

    CudaResource(CudaContext context) {
        this.context = context;
    }

    /** Gives it back to the driver. */
    abstract void destroy(DriverApi api);

    /**
     * The driver, with the context current.
     *
     * @throws IllegalStateException when this is closed
     */
    final DriverApi api() {
        if (isClosed()) {
            throw new IllegalStateException(getClass().getSimpleName() + " is closed");
        }
        return context.enter();
    }

    final CudaContext context() {
        return context;
    }

    /** Whether it was given back. */
    public final boolean isClosed() {
        synchronized (context) {
            return closed;
        }
    }

    /** Marks it as closed; false when it was already. Called by the context. */
    final boolean markClosed() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /**
     * Gives it back.
     *
     * @throws CudaException when the driver refuses; it counts as closed all the same
     */
    @Override
    public final void close() {
        context.close(this);
    }
}
