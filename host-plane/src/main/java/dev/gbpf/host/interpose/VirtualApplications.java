package dev.gbpf.host.interpose;

import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.interpose.SystemCalls.Credentials;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.queue.Tenant;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A daemon for applications in virtual time and on one thread: the plane, the device and the segments are those of {@link LiveApplications}, the
 * processes are simulated. The same calls at the same times give the same decisions.
 */
public final class VirtualApplications implements AutoCloseable {
    /** Cores of the machine: enough for a plane's thread that looks all the time. */
    private static final int CORES = 16;

    private final Roster roster;
    private final InterposedDevice device;
    private final PolicyPlane plane;
    private long clients;

    /**
     * A plane in bypass, without processes.
     *
     * @param tenants at least one
     * @param clock virtual time, ns from 0
     */
    public VirtualApplications(Gpu gpu, List<Tenant> tenants, long seed, LongSupplier clock) {
        this.roster = Roster.of(tenants);
        this.device = new InterposedDevice(gpu, roster, clock, CORES);
        this.plane = new PolicyPlane(
                new PlaneConfig(roster, seed, FailsafeConfig.DEFAULTS.forTick(Terms.TICK), Runnable::run),
                device,
                device::nowNs,
                new Rejections());
        device.connect(plane);
        device.begin();
    }

    /** Rejections, from the plane to the device. */
    private final class Rejections implements PlaneListener {
        @Override
        public void rejected(Job job, long reason, long nowNs) {
            device.bursts().rejected(job);
        }
    }

    /** Who decides. */
    public PolicyPlane plane() {
        return plane;
    }

    /** A process attaches. */
    public VirtualProcess attach(int tenant, ApplicationClass kind, String command) {
        Segment segment = Segment.anonymous();
        device.add(new Client(++clients, new Attachment(new Credentials(0, 0, 0), kind, "", command, segment), tenant));
        return new VirtualProcess(segment);
    }

    /** The plane looks at the processes, and decides. */
    public void step() {
        device.step(device.nowNs());
    }

    /** When it would look next if something had changed, ns. */
    public long nextLookNs() {
        return device.nextNs();
    }

    /** When it looks next in any case, ns. */
    public long nextDueNs() {
        return device.nextDueNs();
    }

    @Override
    public void close() {
        device.clients().forEach(client -> client.segment.close());
        plane.close();
    }
}
