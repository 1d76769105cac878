package dev.gbpf.host.plane;

import dev.gbpf.host.device.DevicePlane.CompletionListener;
import dev.gbpf.host.device.ThermalReading;
import dev.gbpf.host.queue.Job;

/**
 * What drives a plane sees of it: events in, decisions out to the device. All calls come from one thread, and the time of
 * each is the plane's clock at the call.
 */
public interface JobScheduler extends CompletionListener {
    /** A job enters. It may go to the device, or be rejected, before the call returns. */
    void submit(Job job);

    /** Power, clock or temperature of the device moved. */
    default void thermal(ThermalReading reading) {}

    /**
     * How tenants get device memory.
     *
     * @throws UnsupportedOperationException when this plane hands out none
     */
    default MemoryScheduler memory() {
        throw new UnsupportedOperationException("this plane hands out no device memory");
    }

    /** Hands waiting jobs to the device while vSlices have room; call once after all events of an instant. */
    void dispatch();

    /** A period of the plane has passed. */
    void tick();

    /**
     * When {@link #dispatch} must be called again although nothing happens until then, ns; {@link Long#MAX_VALUE} when there
     * is no such time.
     */
    long wakeUpNs();

    /** Jobs that wait in queues. */
    int queued();
}
