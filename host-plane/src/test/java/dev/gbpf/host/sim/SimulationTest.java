package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.sim.SimulationResult.Outcome;
import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.JobEnd;
import dev.gbpf.host.workload.RequestShape;
import dev.gbpf.host.workload.ServiceTime;
import dev.gbpf.host.workload.SyntheticParameters;
import dev.gbpf.host.workload.SyntheticWorkload;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class SimulationTest {
    /** One request of 100 ns every 1000 ns from 0 on. */
    private static Workload periodic(long requests) {
        return new SyntheticWorkload(new SyntheticParameters(
                ManualDevice.TENANT,
                1,
                new ArrivalProcess.Periodic(1000, 0),
                new ServiceTime.Fixed(100),
                RequestShape.kernel(100),
                1,
                0,
                1_000_000_000,
                requests));
    }

    private static SimulationOptions untickedChecks() {
        return SimulationOptions.defaults().withTickNs(0).withChecks(true);
    }

    /** Submits at 0; the ends are added to a list. */
    private static Workload once(JobSpec spec, List<JobEnd> ends) {
        return context ->
                context.submit(context.openStream(ManualDevice.TENANT, (job, end, nowNs) -> ends.add(end)), spec);
    }

    @Test
    void workload_exhausted_completes() {
        Simulation simulation = Simulation.of(ManualDevice.plain())
                .workload(periodic(10))
                .options(untickedChecks())
                .build(FifoScheduler::new);
        SimulationResult result = simulation.run();
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.endNs()).isEqualTo(9100);
        assertThat(result.submitted()).isEqualTo(10);
        assertThat(result.retired()).isEqualTo(10);
        assertThat(result.instants()).isEqualTo(20);
        assertThatThrownBy(simulation::run).hasMessageContaining("runs once");
    }

    @Test
    void noWorkload_completesAtOnce() {
        SimulationResult result =
                Simulation.of(ManualDevice.plain()).build(FifoScheduler::new).run();
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.endNs()).isZero();
    }

    @Test
    void horizon_endsTheRun_andSaysSo() {
        SimulationResult result = Simulation.of(ManualDevice.plain())
                .workload(periodic(10))
                .options(untickedChecks().withHorizonNs(3050))
                .build(FifoScheduler::new)
                .run();
        assertThat(result.outcome()).isEqualTo(Outcome.TIME_LIMIT);
        assertThat(result.endNs()).isEqualTo(3050);
        assertThat(result.submitted()).isEqualTo(4);
        assertThat(result.unfinished()).isEqualTo(1);
        assertThat(result.explanation()).contains("1 jobs unfinished");
    }

    @Test
    void jobThatNeverFits_isAStallAtOnce_withoutTicks() {
        SimulationResult result = Simulation.of(ManualDevice.plain())
                .workload(once(ManualDevice.memory(10, 1001, 0), new ArrayList<>()))
                .options(untickedChecks())
                .build(FifoScheduler::new)
                .run();
        assertThat(result.outcome()).isEqualTo(Outcome.STALLED);
        assertThat(result.endNs()).isZero();
        assertThat(result.explanation()).contains("nothing can happen").contains("1 of them in queues");
    }

    @Test
    void jobThatNeverFits_isAStallAfterAWhile_withTicks() {
        SimulationResult result = Simulation.of(ManualDevice.plain())
                .workload(once(ManualDevice.memory(10, 1001, 0), new ArrayList<>()))
                .options(untickedChecks().withTickNs(1000).withStallNs(50_000))
                .build(FifoScheduler::new)
                .run();
        assertThat(result.outcome()).isEqualTo(Outcome.STALLED);
        assertThat(result.endNs()).isEqualTo(50_000);
        assertThat(result.explanation()).contains("only ticks and wake-ups");
    }

    @Test
    void rejection_reachesTheOwner_andCounts() {
        List<JobEnd> ends = new ArrayList<>();
        SimulationResult result = Simulation.of(ManualDevice.plain())
                .workload(once(ManualDevice.kernel(1, 10), ends))
                .options(untickedChecks())
                .build((device, clock, listener) -> new FifoScheduler(device, clock, listener, job -> true))
                .run();
        assertThat(ends).containsExactly(JobEnd.REJECTED);
        assertThat(result.rejected()).isEqualTo(1);
        assertThat(result.retired()).isZero();
    }

    @Test
    void failure_reachesTheOwner() {
        List<JobEnd> ends = new ArrayList<>();
        Simulation.of(ManualDevice.plain())
                .workload(once(ManualDevice.kernel(1, 10), ends))
                .faults(FaultPlan.everyNth(1))
                .options(untickedChecks())
                .build(FifoScheduler::new)
                .run();
        assertThat(ends).containsExactly(JobEnd.FAILED);
    }

    @Test
    void instantWithoutEnd_isAStall() {
        Workload stubborn = context -> context.submit(
                context.openStream(
                        ManualDevice.TENANT,
                        (job, end, nowNs) -> context.submit(job.stream(), ManualDevice.kernel(1, 1))),
                ManualDevice.kernel(1, 1));
        SimulationResult result = Simulation.of(ManualDevice.plain())
                .workload(stubborn)
                .options(SimulationOptions.defaults())
                .build((device, clock, listener) -> new FifoScheduler(device, clock, listener, job -> true))
                .run();
        assertThat(result.outcome()).isEqualTo(Outcome.STALLED);
        assertThat(result.explanation()).contains("time stands still");
    }

    @Test
    void actions_comeInOrder_beforeArrivals_andNotAfterTheWork() {
        List<String> log = new ArrayList<>();
        Workload atTen = context -> context.schedule(
                10,
                (nowNs, payload) -> {
                    log.add("arrival " + nowNs);
                    context.submit(
                            context.openStream(ManualDevice.TENANT, (job, end, n) -> {}), ManualDevice.kernel(1, 5));
                },
                0);
        Simulation simulation = Simulation.of(ManualDevice.plain())
                .workload(atTen)
                .options(untickedChecks())
                .build(FifoScheduler::new);
        simulation.at(10, () -> log.add("first " + simulation.clock().nowNs()));
        simulation.at(10, () -> log.add("second"));
        simulation.at(3, () -> log.add("early"));
        simulation.at(16, () -> log.add("late"));
        SimulationResult result = simulation.run();
        assertThat(log).containsExactly("early", "first 10", "second", "arrival 10");
        assertThat(result.endNs()).isEqualTo(15);
        assertThat(result.explanation()).contains("1 scheduled actions");
        assertThatThrownBy(() -> simulation.at(3, () -> {})).hasMessageContaining("timeNs=3 is before now=15");
    }

    @Test
    void wakeUp_callsDispatchAgain() {
        assertThat(dispatches(nowNs -> nowNs < 500 ? 500 : Long.MAX_VALUE)).containsExactly(0L, 500L, 510L);
    }

    @Test
    void wakeUp_askedForNowAgainAndAgain_repeatsDispatchAFewTimes() {
        // At 0, when 500 is asked for once; at 500 and at the end of the job, which are asked for without end.
        assertThat(dispatches(nowNs -> 500)).containsOnly(0L, 500L, 510L).hasSize(1 + 9 + 9);
    }

    private static List<Long> dispatches(LongUnaryOperator wakeUp) {
        List<Long> dispatches = new ArrayList<>();
        SimulationResult result = Simulation.of(ManualDevice.plain())
                .workload(once(ManualDevice.kernel(1, 10), new ArrayList<>()))
                .options(untickedChecks())
                .build((device, clock, listener) ->
                        new HoldUntil(new FifoScheduler(device, clock, listener), clock, wakeUp, dispatches))
                .run();
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        return dispatches;
    }

    /** Dispatches nothing before 500. */
    private record HoldUntil(JobScheduler inner, VirtualClock clock, LongUnaryOperator wakeUp, List<Long> dispatches)
            implements JobScheduler {
        @Override
        public void submit(Job job) {
            inner.submit(job);
        }

        @Override
        public void dispatch() {
            dispatches.add(clock.nowNs());
            if (clock.nowNs() >= 500) {
                inner.dispatch();
            }
        }

        @Override
        public void tick() {}

        @Override
        public long wakeUpNs() {
            return wakeUp.applyAsLong(clock.nowNs());
        }

        @Override
        public int queued() {
            return inner.queued();
        }

        @Override
        public void finished(Job job, long runNs, boolean failed) {
            inner.finished(job, runNs, failed);
        }
    }

    @Test
    void progress_isTold_andChangesNothing() {
        List<Long> times = new ArrayList<>();
        List<Long> done = new ArrayList<>();
        SimulationResult result = Simulation.of(ManualDevice.plain())
                .workload(periodic(4))
                .options(untickedChecks().withProgressEvery(4))
                .progress((nowNs, jobsDone) -> {
                    times.add(nowNs);
                    done.add(jobsDone);
                })
                .build(FifoScheduler::new)
                .run();
        assertThat(times).containsExactly(1100L, 3100L);
        assertThat(done).containsExactly(2L, 4L);
        assertThat(result.endNs()).isEqualTo(3100);
    }

    @Test
    void residentMemory_beyondTheDevice_isRefused() {
        Workload greedy = new Workload() {
            @Override
            public void start(WorkloadContext context) {}

            @Override
            public long residentBytes() {
                return 1001;
            }
        };
        SimulationBuilder builder = Simulation.of(ManualDevice.plain()).workload(greedy);
        assertThatThrownBy(() -> builder.build(FifoScheduler::new)).hasMessageContaining("bytes=1001");
    }
}
