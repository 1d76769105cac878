package dev.gbpf.host.sim;

import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.plane.PlaneListener;

/** Makes the plane that a simulation drives. */
@FunctionalInterface
public interface SchedulerFactory {
    /**
     * Makes a plane.
     *
     * @param device where it sends jobs
     * @param clock what it takes the time from
     * @param listener must hear of every rejected job; anybody else who listens is the factory's affair
     */
    JobScheduler create(DevicePlane device, VirtualClock clock, PlaneListener listener);
}
