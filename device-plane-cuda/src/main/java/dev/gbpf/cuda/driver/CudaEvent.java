package dev.gbpf.cuda.driver;

import java.time.Duration;
import jcuda.driver.CUevent;

/** A point in a stream's work. */
public final class CudaEvent extends CudaResource {
    private static final double NANOS_PER_MILLI = 1e6;

    private final CUevent handle;

    CudaEvent(CudaContext context, CUevent handle) {
        super(context);
        this.handle = handle;
    }

    CUevent handle() {
        return handle;
    }

    /** It happens when the work that the stream has now is done. */
    public void record(CudaStream stream) {
        api().recordEvent(handle, stream.handle());
    }

    /** Waits until it has happened. */
    public void synchronize() {
        api().synchronizeEvent(handle);
    }

    /** Whether it has happened. */
    public boolean isDone() {
        return api().isEventDone(handle);
    }

    /** From another event until this one; both have happened. The resolution is about half a microsecond. */
    public Duration since(CudaEvent start) {
        return Duration.ofNanos(Math.round(api().elapsedMillis(start.handle, handle) * NANOS_PER_MILLI));
    }

    @Override
    void destroy(DriverApi api) {
        api.destroyEvent(handle);
    }
}
