package dev.gbpf.host.replay;

import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.interpose.ApplicationClass;
import dev.gbpf.host.interpose.Gpu;
import dev.gbpf.host.interpose.VirtualApplications;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.recording.RecordedApplication;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.sim.ContextSpec;
import dev.gbpf.host.sim.TimeSlicedDevice;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.object.PolicyObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs recordings again, all at once on one device and in virtual time. The plane, its policy and the segments are the daemon's; the processes
 * follow their recordings, and the device takes turns among their contexts. The same recordings, policy and seed give the same result.
 */
public final class Replay {
    private static final int MOST_APPLICATIONS = 256;
    private static final int PLACES = 64;
    private static final long MEMORY_BYTES = 1L << 37;

    private final ContextSpec spec;
    private final long seed;
    private final long endNs;
    private final List<Recording> recordings;
    private final List<Tenant> tenants;
    private final int sms;

    /** A policy that cannot decide. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private RefusedException(String message) {
            super(message);
        }
    }

    /**
     * A replay of recordings whose applications run together; tenants of the same name are one.
     *
     * @param recordings at least one
     * @throws IllegalArgumentException when there are more tenants than a plane can have, or more than {@value #MOST_APPLICATIONS}
     *     applications
     */
    public Replay(List<Recording> recordings, ContextSpec spec, long seed) {
        int applications =
                recordings.stream().mapToInt(r -> r.applications().size()).sum();
        if (applications > MOST_APPLICATIONS) {
            throw new IllegalArgumentException("applications=" + applications + " is more than " + MOST_APPLICATIONS);
        }
        this.recordings = List.copyOf(recordings);
        this.spec = spec;
        this.seed = seed;
        this.endNs = recordings.stream().mapToLong(Recording::durationNs).max().orElse(0);
        this.sms = Math.max(1, recordings.getFirst().sms());
        this.tenants = tenants(recordings);
    }

    private static List<Tenant> tenants(List<Recording> recordings) {
        Map<String, Tenant> byName = new LinkedHashMap<>();
        for (Recording recording : recordings) {
            for (RecordedTenant tenant : recording.tenants()) {
                byName.computeIfAbsent(
                        tenant.name(),
                        name -> new Tenant(
                                byName.size(),
                                name,
                                Math.clamp(tenant.weight(), 1, 1_000_000),
                                Math.clamp(tenant.priority(), 0, 1_000)));
            }
        }
        return List.copyOf(byName.values());
    }

    private static Tenant byName(List<Tenant> tenants, String name) {
        return tenants.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    }

    /**
     * Runs them under a policy.
     *
     * @param policy that decides; null for bypass
     * @throws RefusedException when its {@code init} refuses, or the verifier does
     */
    public ReplayResult run(@Nullable PolicyObject policy) throws RefusedException {
        long[] clock = {0};
        try (MapRegistry maps = new MapRegistry();
                VirtualApplications daemon = new VirtualApplications(
                        new Gpu(recordings.getFirst().device(), sms, MEMORY_BYTES, PLACES),
                        tenants,
                        seed,
                        () -> clock[0])) {
            if (policy != null) {
                activate(daemon, maps, policy);
            }
            return new Run(daemon, clock).run(policy == null ? "bypass" : policy.name());
        }
    }

    private static void activate(VirtualApplications daemon, MapRegistry maps, PolicyObject policy)
            throws RefusedException {
        switch (new ImageLoader(maps).load(policy)) {
            case LoadResult.Rejected rejected ->
                throw new RefusedException("the verifier rejects " + policy.name() + ": "
                        + rejected.diagnostics().getFirst().message());
            case LoadResult.Loaded loaded -> {
                if (daemon.plane().activate(loaded.image(), ActivationReason.START)
                        instanceof SwapOutcome.Refused(String name, String why)) {
                    loaded.image().discard();
                    throw new RefusedException(name + ": " + why);
                }
            }
        }
    }

    /** One run. */
    private final class Run {
        private final VirtualApplications daemon;
        private final long[] clock;
        private final TimeSlicedDevice device;
        private final List<Lane> lanes = new ArrayList<>();
        private final List<ApplicationReplay.Source> sources = new ArrayList<>();
        private final List<Levers> levers = new ArrayList<>();

        private long lastLookNs;
        private long lookNs;

        Run(VirtualApplications daemon, long[] clock) {
            this.daemon = daemon;
            this.clock = clock;
            this.device = new TimeSlicedDevice(
                    spec,
                    sms,
                    (context, stream, number, smNs, nowNs) -> lanes.get(context).over(stream, number, nowNs, smNs));
            for (Recording recording : recordings) {
                recording.applications().forEach(application -> add(recording, application));
            }
        }

        private void add(Recording recording, RecordedApplication application) {
            Tenant tenant = byName(
                    tenants, recording.tenants().get(application.tenant()).name());
            boolean alone =
                    recording.applications().stream().filter(Program::works).count() == 1;
            Program program = Program.of(application, sms, spec, alone);
            boolean repeats = !application.latency()
                    && !program.actions().isEmpty()
                    && application.events().getLast().endNs() >= recording.durationNs() / 10 * 9;
            lanes.add(new Lane(
                    program,
                    daemon.attach(
                            tenant.index(),
                            application.latency() ? ApplicationClass.LATENCY : ApplicationClass.BEST_EFFORT,
                            application.command()),
                    device,
                    device.addContext(),
                    spec,
                    repeats));
            sources.add(new ApplicationReplay.Source(recording, application, program));
            levers.add(new Levers(
                    lanes.getLast().process(), device, lanes.getLast().context(), spec));
        }

        ReplayResult run(String policy) {
            // They were there before: the plane knows them, and their timeslices are set.
            daemon.step();
            daemon.step();
            levers.forEach(Levers::begin);
            lookNs = daemon.nextDueNs();
            for (long now = 0; now < endNs; now = nextNs(now)) {
                clock[0] = now;
                device.advance(now);
                for (Lane lane : lanes) {
                    lane.act(now);
                }
                look(now);
                for (Levers ofLane : levers) {
                    ofLane.follow(now);
                }
            }
            List<ApplicationReplay> applications = new ArrayList<>();
            for (int i = 0; i < lanes.size(); i++) {
                applications.add(ApplicationReplay.of(sources.get(i), lanes.get(i), endNs));
            }
            return ReplayResult.of(policy, endNs, tenants, applications);
        }

        private long nextNs(long now) {
            long next = Math.min(device.nextNs(), lookNs);
            for (int i = 0; i < lanes.size(); i++) {
                next = Math.min(
                        next, Math.min(lanes.get(i).dueNs(), levers.get(i).dueNs()));
            }
            // Whatever wants to be looked at again at the same time has been by what comes at the next.
            return Math.max(next, now + 1);
        }

        /** The plane looks at its own times; what changes between two of them it sees at the next. */
        private void look(long now) {
            if (lookNs <= now) {
                daemon.step();
                lastLookNs = now;
                lanes.forEach(Lane::takeChanged);
                for (Lane lane : lanes) {
                    lane.look(now);
                }
                lookNs = daemon.nextDueNs();
            }
            boolean changed = false;
            for (Lane lane : lanes) {
                changed |= lane.takeChanged();
            }
            if (changed) {
                long period = Math.max(1, daemon.nextLookNs() - lastLookNs);
                lookNs = Math.min(lookNs, lastLookNs + ((now - lastLookNs) / period + 1) * period);
            }
        }
    }
}
