package dev.gbpf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapBinding;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.object.MapDefinition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Swaps: a request of another thread takes effect as a whole, between two decisions; maps are one image's or the other's. */
public final class SwapStress {
    private static final List<Tenant> TENANTS = List.of(new Tenant(0, "t", 1, 0));
    private static final JobSpec SPEC = new JobSpec(JobKind.KERNEL, 1, 100, 100, 0, 0, 0, 0, 0, 0);

    private SwapStress() {}

    /** A device without room: jobs wait. */
    private static final class FullDevice implements DevicePlane {
        @Override
        public int vslices() {
            return 1;
        }

        @Override
        public int sms(int vslice) {
            return 1;
        }

        @Override
        public int room(int vslice) {
            return 0;
        }

        @Override
        public long memoryBytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public StartResult start(Job job, int vslice) {
            throw new IllegalStateException("there is no room");
        }
    }

    /** The queue that each job joined last, by the job's id. */
    private static final class Places implements PlaneListener {
        private final int[] queues = new int[2];

        int of(int job) {
            return queues[job];
        }

        @Override
        public void queued(Job job, int dsq, long nowNs) {
            queues[(int) job.id()] = dsq;
        }
    }

    /** A version of one policy: its queue has its number. */
    private static PolicyImage version(int number) {
        Map<Hook, ExecutableProgram> programs = Map.of(
                Hook.INIT, (_, plane) -> plane.dsqCreate(number, 0),
                Hook.ON_SUBMIT,
                        (_, plane) -> {
                            plane.dsqInsert(number);
                            return 0;
                        });
        return new PolicyImage(
                "p",
                Integer.toString(number),
                List.of(programs),
                List.of(),
                List.of(),
                List.of(),
                PolicyImage.MapUse.SHARED,
                PolicyImage.MapChanges.NONE,
                () -> {},
                () -> {},
                () -> {});
    }

    /** Two decisions beside a request to swap: which version placed each, what became of the request, where the jobs are then. */
    @JCStressTest
    @Outcome(
            id = {"1, 1, 2, 2", "1, 2, 2, 2", "2, 2, 2, 2"},
            expect = ACCEPTABLE,
            desc = "each job by one version, never back to the first; both jobs end up with the second")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class RequestBesideDecisions {
        private final Places places = new Places();
        private final PolicyPlane plane = new PolicyPlane(
                new PlaneConfig(TENANTS, 1, FailsafeConfig.DEFAULTS), new FullDevice(), () -> 1, places);
        private final JobStream[] streams = {new JobStream(0, TENANTS.getFirst()), new JobStream(1, TENANTS.getFirst())
        };
        private CompletableFuture<SwapOutcome> answer = new CompletableFuture<>();

        public RequestBesideDecisions() {
            plane.activate(version(1), ActivationReason.START);
        }

        @Actor
        public void operate() {
            answer = plane.request(new SwapCommand.Swap(SwapRequest.immediate(version(2))));
        }

        @Actor
        public void decide(IIII_Result result) {
            plane.submit(new Job(0, streams[0], SPEC, 1));
            result.r1 = places.of(0);
            plane.submit(new Job(1, streams[1], SPEC, 1));
            result.r2 = places.of(1);
        }

        @Arbiter
        public void rest(IIII_Result result) {
            plane.tick();
            result.r3 = answer.isDone() && answer.join() instanceof SwapOutcome.Activated
                    ? Integer.parseInt(plane.monitor().status().tag())
                    : 0;
            result.r4 = places.of(0) == places.of(1) ? places.of(0) : 0;
            plane.close();
        }
    }

    /** The maps of a version become the policy's while somebody forgets the policy. */
    @JCStressTest
    @Outcome(
            id = {"1, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "committed, and forgotten before or after")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "forgotten first: the plan does not hold any more")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class CommitBesideDrop {
        private final MapRegistry registry = new MapRegistry();
        private final MapBinding first = registry.bind("p", List.of(definition(8)));
        private final MapBinding next = registry.plan("p", List.of(definition(16)));

        private static MapDefinition definition(int bytes) {
            return new MapDefinition("m", MapKind.ARRAY, 4, bytes, 1);
        }

        @Actor
        public void commit(II_Result result) {
            try {
                next.commit();
                result.r1 = 1;
            } catch (IllegalStateException e) {
                result.r1 = 0;
            }
        }

        @Actor
        public void drop() {
            registry.drop("p");
        }

        /** Whether the policy has the new map, which must be usable then; everything is freed once. */
        @Arbiter
        public void rest(II_Result result) {
            List<BpfMap> maps = registry.maps("p");
            result.r2 = maps.isEmpty()
                    ? 0
                    : maps.equals(next.maps()) && maps.getFirst().entries() == 1 ? 1 : 2;
            first.release();
            next.release();
            registry.close();
        }
    }
}
