package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.Guard;
import dev.gbpf.host.swap.Guards;
import dev.gbpf.host.swap.Sticky;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.swap.SwapStatus;
import dev.gbpf.host.vm.ExecutableProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Swaps at random times, also while a hook runs: no job lost, decided twice or out of order. */
class SwapProperties {
    private static final int TENANTS = 3;
    private static final long GIB = 1L << 30;

    /** A plane, a device whose jobs end at random, and the clock that ties them. */
    private static final class Bench {
        final ManualDevice device = new ManualDevice(3, 4 * GIB);
        final PlaneAudit audit = new PlaneAudit();
        final List<JobStream> streams = new ArrayList<>();
        final List<CompletableFuture<SwapOutcome>> outcomes = new ArrayList<>();
        final Random random;
        long now;
        long nextId;
        final PolicyPlane plane;

        Bench(long seed, int streamCount) {
            this(seed, streamCount, new PlaneListener() {});
        }

        Bench(long seed, int streamCount, PlaneListener further) {
            random = new Random(seed);
            List<Tenant> tenants = new ArrayList<>();
            for (int t = 0; t < TENANTS; t++) {
                tenants.add(new Tenant(t, "t" + t, 1 + t, t));
            }
            for (int s = 0; s < streamCount; s++) {
                streams.add(new JobStream(s, tenants.get(s % TENANTS)));
            }
            PlaneConfig config = new PlaneConfig(tenants, seed, PlaneConfig.DEFAULT_STALL_LIMIT_NS);
            plane = new PolicyPlane(config, device, () -> now, new TwoListeners(audit, further));
        }

        void submit(long bytes) {
            JobStream stream = streams.get(random.nextInt(streams.size()));
            JobSpec spec = new JobSpec(JobKind.KERNEL, 1, 100, 100, bytes, bytes, 0, 0, 0, 0);
            plane.submit(new Job(nextId++, stream, spec, now));
        }

        void endOne() {
            if (!device.held.isEmpty()) {
                Job job = device.end(random.nextInt(device.held.size()));
                plane.finished(job, 100, random.nextInt(10) == 0);
            }
        }

        JavaPolicy randomPolicy() {
            JavaPolicy policy = switch (random.nextInt(7)) {
                case 0 -> JavaPolicy.fifo("fifo");
                case 1 -> JavaPolicy.perTenant("tenants", 1, TENANTS);
                case 2 -> JavaPolicy.perTenant("tenants", 2, TENANTS);
                case 3 -> JavaPolicy.newestFirst("newest");
                case 4 -> new JavaPolicy("empty");
                case 5 -> moving();
                default -> choosy();
            };
            return policy;
        }

        /** Fails now and then, moves jobs from queue to queue, and names queues that are empty or not there. */
        JavaPolicy moving() {
            JavaPolicy policy = JavaPolicy.perTenant("moving", 1, TENANTS);
            policy.on(Hook.ON_TICK, (ctx, plane) -> plane.dsqMove(1 + random.nextInt(3), random.nextInt(5), 0) & 0);
            policy.on(Hook.ON_DISPATCH, (ctx, plane) -> {
                if (random.nextInt(200) == 0) {
                    throw new IllegalStateException("made to fail");
                }
                plane.dsqMove(1 + random.nextInt(3), random.nextInt(5), 0);
                return random.nextInt(5);
            });
            policy.on(Hook.ON_ADMIT, (ctx, plane) -> {
                if (random.nextInt(200) == 0) {
                    throw new IllegalStateException("made to fail");
                }
                return 0;
            });
            return policy;
        }

        /** Rejects, defers and dispatches directly, at random. */
        JavaPolicy choosy() {
            JavaPolicy policy = JavaPolicy.fifo("choosy");
            policy.on(Hook.ON_SUBMIT, (ctx, plane) -> {
                plane.dsqInsert(1);
                int roll = random.nextInt(10);
                return roll < 7 ? 0 : roll - 7;
            });
            policy.on(Hook.ON_ADMIT, (ctx, plane) -> {
                int roll = random.nextInt(10);
                JavaPolicy.set(Hook.ON_ADMIT, ctx, "defer_until_ns", roll % 2 == 0 ? 0 : now + random.nextInt(50));
                return roll < 7 ? 0 : roll < 9 ? 1 : 2;
            });
            return policy;
        }

        SwapCommand randomCommand() {
            return switch (random.nextInt(8)) {
                case 0 -> new SwapCommand.Promote();
                case 1 -> new SwapCommand.Drop("operator");
                case 2, 3 -> new SwapCommand.Rollback("operator");
                case 4, 5 -> trial(new SwapMode.Shadow(randomTime(), randomEnd(), randomGuards(), false));
                default ->
                    trial(new SwapMode.Canary(
                            1 + random.nextInt(999),
                            random.nextBoolean() ? Sticky.JOB : Sticky.TENANT,
                            randomTime(),
                            randomEnd(),
                            randomGuards(),
                            random.nextBoolean()));
            };
        }

        private SwapCommand trial(SwapMode mode) {
            return new SwapCommand.Swap(new SwapRequest(randomPolicy().image(), mode, false));
        }

        private long randomTime() {
            return random.nextBoolean() ? SwapMode.UNTIL_TOLD : 1 + random.nextInt(2_000);
        }

        private SwapMode.AtEnd randomEnd() {
            return random.nextBoolean() ? SwapMode.AtEnd.PROMOTE : SwapMode.AtEnd.DROP;
        }

        private Guards randomGuards() {
            List<Guard> guards = List.of(
                    new Guard.WaitP99(1 + random.nextInt(2_000)),
                    new Guard.WaitP99Ratio(50 + random.nextInt(400)),
                    new Guard.RejectionRate(random.nextInt(500)),
                    new Guard.PolicyErrors(random.nextInt(50)),
                    new Guard.DecisionTime(10_000_000),
                    new Guard.Agreement(random.nextInt(900)));
            return new Guards(1_000, 1 + random.nextInt(20), guards.subList(0, random.nextInt(guards.size() + 1)));
        }

        /** Wraps a program so that a swap is requested while it runs, as another thread would. */
        ExecutableProgram interrupted(ExecutableProgram program) {
            return (ctx, services) -> {
                if (random.nextInt(20) == 0) {
                    outcomes.add(plane.request(new SwapCommand.Swap(
                            SwapRequest.immediate(randomPolicy().image()))));
                }
                return program.run(ctx, services);
            };
        }

        void step(int choice) {
            now += random.nextInt(20);
            if (choice < 45) {
                submit(random.nextInt(8) == 0 ? GIB + random.nextInt(1 << 30) : 0);
            } else if (choice < 80) {
                endOne();
            } else if (choice < 85) {
                plane.tick();
            } else if (choice < 90) {
                JavaPolicy policy = randomPolicy();
                policy.on(Hook.ON_RETIRE, interrupted((ctx, services) -> 0));
                policy.on(Hook.ON_TICK, interrupted((ctx, services) -> 0));
                plane.activate(policy.image(), ActivationReason.SWAP);
            } else if (choice < 99) {
                plane.apply(randomCommand());
            } else {
                plane.bypass("operator");
            }
            plane.dispatch();
        }

        void drain() {
            int rounds = 0;
            while (plane.queued() > 0 || plane.running() > 0) {
                assertThat(rounds++).as("the plane drains").isLessThan(100_000);
                long wake = plane.wakeUpNs();
                if (device.held.isEmpty() && wake != Long.MAX_VALUE) {
                    now = Math.max(now, wake);
                }
                endOne();
                now += 1_000_000;
                plane.tick();
                plane.dispatch();
            }
        }
    }

    @Property(tries = 300)
    void swapsAtAnyPoint_loseNothing_andKeepStreamsInOrder(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int streams) {
        Bench bench = new Bench(seed, streams);
        try (PolicyPlane plane = bench.plane) {
            for (int i = 0; i < 400; i++) {
                bench.step(bench.random.nextInt(100));
            }
            bench.drain();
            bench.audit.assertNothingLost();
            assertThat(bench.audit.faults).allMatch(fault -> fault.contains("made to fail"));
            assertThat(bench.outcomes).allMatch(CompletableFuture::isDone);
            assertThat(bench.device.memoryUsed).isZero();
            assertThat(plane.queued()).isZero();
        }
    }

    /** Each job has a stream of its own, so arrival order is the only order, and every policy here keeps it. */
    @Property(tries = 200)
    void swapsBetweenFifoPolicies_keepTheOrderOfArrival(@ForAll long seed) {
        Bench bench = new Bench(seed, 1);
        try (PolicyPlane plane = bench.plane) {
            for (int i = 0; i < 300; i++) {
                int choice = bench.random.nextInt(100);
                bench.now += bench.random.nextInt(20);
                if (choice < 50) {
                    bench.streams.set(
                            0, new JobStream(i, bench.streams.getFirst().tenant()));
                    bench.submit(0);
                } else if (choice < 85) {
                    bench.endOne();
                } else if (choice < 97) {
                    JavaPolicy policy = JavaPolicy.fifo(bench.random.nextBoolean() ? "fifo" : "fifo2");
                    policy.on(Hook.ON_TICK, (ctx, services) -> 0);
                    plane.activate(policy.image(), ActivationReason.SWAP);
                } else {
                    plane.bypass("operator");
                }
                plane.dispatch();
            }
            bench.drain();
            bench.audit.assertNothingLost();
            assertThat(bench.audit.dispatchOrder).isSorted();
        }
    }

    /**
     * Each queue, of either side, gives its jobs out in its order: by vtime, and first in, first out. Each job has a stream of
     * its own, so nothing else has a say.
     */
    @Property(tries = 200)
    void queues_keepTheirOrder_whoeverDecides(@ForAll long seed) {
        QueueOrderAudit order = new QueueOrderAudit();
        Bench bench = new Bench(seed, 1, order);
        try (PolicyPlane plane = bench.plane) {
            for (int i = 0; i < 400; i++) {
                Tenant tenant = new Tenant(i % TENANTS, "t" + i % TENANTS, 1, 0);
                bench.streams.set(0, new JobStream(i, tenant));
                dropShadow(plane);
                bench.now += bench.random.nextInt(20);
                int choice = bench.random.nextInt(100);
                if (choice < 50) {
                    bench.submit(0);
                    plane.dispatch();
                } else {
                    bench.step(choice);
                }
            }
            dropShadow(plane);
            bench.drain();
            bench.audit.assertNothingLost();
            assertThat(order.checked).isPositive();
        }
    }

    /** The places of a promoted shadow are not those that the model saw. */
    private static void dropShadow(PolicyPlane plane) {
        SwapStatus status = plane.monitor().status();
        if (status.trial() != null && status.trial().mode().equals("shadow")) {
            plane.apply(new SwapCommand.Drop("only canaries are promoted here"));
        }
    }

    /** The same jobs and policies, once beside a shadow and once without: the device sees the same. */
    @Property(tries = 150)
    void shadow_changesNothing(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int streams) {
        Bench plain = new Bench(seed, streams);
        Bench shadowed = new Bench(seed, streams);
        try (PolicyPlane a = plain.plane;
                PolicyPlane b = shadowed.plane) {
            JavaPolicy live = plain.random.nextBoolean() ? JavaPolicy.newestFirst("live") : JavaPolicy.fifo("live");
            shadowed.random.nextBoolean();
            a.activate(live.image(), ActivationReason.START);
            b.activate(live.image(), ActivationReason.START);
            Random apart = new Random(seed);
            for (int i = 0; i < 300; i++) {
                if (apart.nextInt(20) == 0) {
                    Bench other = new Bench(apart.nextLong(), 1);
                    JavaPolicy shadow = other.randomPolicy();
                    b.apply(new SwapCommand.Swap(new SwapRequest(
                            shadow.image(),
                            new SwapMode.Shadow(
                                    SwapMode.UNTIL_TOLD, SwapMode.AtEnd.DROP, Guards.NONE, apart.nextBoolean()),
                            false)));
                    other.plane.close();
                }
                int choice = plain.random.nextInt(85);
                shadowed.random.nextInt(85);
                plain.step(choice);
                shadowed.step(choice);
            }
            plain.drain();
            shadowed.drain();
            assertThat(shadowed.audit.dispatchOrder).isEqualTo(plain.audit.dispatchOrder);
            assertThat(shadowed.audit.rejected).isEqualTo(plain.audit.rejected);
            for (Hook hook : List.of(Hook.ON_SUBMIT, Hook.ON_DISPATCH, Hook.ON_ADMIT, Hook.ON_RETIRE, Hook.ON_TICK)) {
                assertThat(b.statistics().decisions(hook))
                        .isEqualTo(a.statistics().decisions(hook));
            }
            assertThat(b.statistics().insertErrors()).isEqualTo(a.statistics().insertErrors());
        }
    }
}
