package dev.gbpf.cuda.driver;

import jcuda.driver.CUstream;

/** A queue of work on a GPU, done in order. */
public final class CudaStream extends CudaResource {
    private final CUstream handle;

    CudaStream(CudaContext context, CUstream handle) {
        super(context);
        this.handle = handle;
    }

    CUstream handle() {
        return handle;
    }

    /**
     * Waits until all its work is done.
     *
     * @throws CudaException what went wrong in that work
     */
    public void synchronize() {
        api().synchronizeStream(handle);
    }

    /** Whether all its work is done. */
    public boolean isIdle() {
        return api().isStreamIdle(handle);
    }

    /** Work that is queued from now on waits until the event has happened. */
    public void waitFor(CudaEvent event) {
        api().waitForEvent(handle, event.handle());
    }

    @Override
    void destroy(DriverApi api) {
        api.destroyStream(handle);
    }
}
