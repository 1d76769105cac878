package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
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
        final List<CompletableFuture<ActivationOutcome>> outcomes = new ArrayList<>();
        final Random random;
        long now;
        long nextId;
        final PolicyPlane plane;

        Bench(long seed, int streamCount) {
            random = new Random(seed);
            List<Tenant> tenants = new ArrayList<>();
            for (int t = 0; t < TENANTS; t++) {
                tenants.add(new Tenant(t, "t" + t, 1 + t, t));
            }
            for (int s = 0; s < streamCount; s++) {
                streams.add(new JobStream(s, tenants.get(s % TENANTS)));
            }
            PlaneConfig config = new PlaneConfig(tenants, seed, PlaneConfig.DEFAULT_STALL_LIMIT_NS);
            plane = new PolicyPlane(config, device, () -> now, audit);
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
            JavaPolicy policy = switch (random.nextInt(6)) {
                case 0 -> JavaPolicy.fifo("fifo");
                case 1 -> JavaPolicy.perTenant("tenants", 1, TENANTS);
                case 2 -> JavaPolicy.perTenant("tenants", 2, TENANTS);
                case 3 -> JavaPolicy.newestFirst("newest");
                case 4 -> new JavaPolicy("empty");
                default -> choosy();
            };
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

        /** Wraps a program so that a swap is requested while it runs, as another thread would. */
        ExecutableProgram interrupted(ExecutableProgram program) {
            return (ctx, services) -> {
                if (random.nextInt(20) == 0) {
                    outcomes.add(plane.requestActivation(randomPolicy().image(), ActivationReason.SWAP));
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
            } else if (choice < 97) {
                JavaPolicy policy = randomPolicy();
                policy.on(Hook.ON_RETIRE, interrupted((ctx, services) -> 0));
                policy.on(Hook.ON_TICK, interrupted((ctx, services) -> 0));
                plane.activate(policy.image(), ActivationReason.SWAP);
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
            assertThat(bench.audit.faults).isEmpty();
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
}
