package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.sim.ReferenceSharing.Progress;
import dev.gbpf.host.sim.RunRecorder.Run;
import dev.gbpf.host.sim.SimulationResult.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws that hold for any jobs on any device. The scenario's own checks run after every instant. */
class SimulationLawsTest {
    private static final int TRIES = 400;

    /** A scenario that has run. */
    private record Done(RandomScenario scenario, RunRecorder recorder, SimulationResult result) {
        List<Run> runs() {
            return recorder.runs();
        }
    }

    private static Done run(long seed) {
        RandomScenario scenario = new RandomScenario(seed);
        RunRecorder recorder = new RunRecorder();
        Simulation simulation = Simulation.of(scenario.model())
                .workload(scenario)
                .observer(recorder)
                .options(SimulationOptions.defaults()
                        .withChecks(true)
                        .withTickNs(97)
                        .withStallNs(1_000_000))
                .build(FifoScheduler::new);
        return new Done(scenario, recorder, simulation.run());
    }

    @Property(tries = TRIES)
    void everyJob_endsExactlyOnce(@ForAll long seed) {
        Done done = run(seed);
        assertThat(done.result().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(done.result().retired()).isEqualTo(done.scenario().jobs());
        assertThat(done.result().unfinished()).isZero();
        List<Job> ended = new ArrayList<>();
        done.runs().forEach(r -> ended.addAll(r.jobs()));
        assertThat(ended).hasSize(done.scenario().jobs()).doesNotHaveDuplicates();
        assertThat(done.recorder().running()).isZero();
    }

    @Property(tries = TRIES)
    void progress_isTheWork(@ForAll long seed) {
        Done done = run(seed);
        ReferenceSharing reference = new ReferenceSharing(done.scenario().model(), done.runs());
        Map<Run, Progress> progress = reference.progress();
        progress.forEach((run, got) -> {
            double work = reference.workOf(run);
            // An end waits for a whole ns.
            assertThat(got.work()).isBetween(work - 0.01, work + 1.01);
            assertThat((double) run.sumOfRunNs()).isCloseTo(got.share(), within(0.51));
        });
    }

    @Property(tries = TRIES)
    void streams_runInOrder(@ForAll long seed) {
        Map<JobStream, Long> endOfLast = new HashMap<>();
        Map<JobStream, Long> lastId = new HashMap<>();
        for (Run run : run(seed).runs()) {
            for (Job job : run.jobs()) {
                assertThat(run.startNs()).isGreaterThanOrEqualTo(endOfLast.getOrDefault(job.stream(), 0L));
                assertThat(job.id()).isGreaterThan(lastId.getOrDefault(job.stream(), 0L));
                endOfLast.put(job.stream(), run.endNs());
                lastId.put(job.stream(), job.id());
            }
        }
    }

    @Property(tries = TRIES)
    void batches_areOfOneClass_withinTheirSize_andOneAtATime(@ForAll long seed) {
        Done done = run(seed);
        Map<List<Integer>, Long> busyUntil = new HashMap<>();
        for (Run run : done.runs()) {
            if (run.batchClass() == 0) {
                assertThat(run.jobs()).hasSize(1);
                continue;
            }
            int most = done.scenario()
                    .model()
                    .batchClasses()
                    .get(run.batchClass() - 1)
                    .maxSize();
            assertThat(run.jobs()).hasSizeBetween(1, most);
            assertThat(run.jobs()).allMatch(j -> j.spec().batchClass() == run.batchClass());
            assertThat(run.jobs()).allMatch(j -> j.vslice() == run.vslice());
            Long before = busyUntil.put(List.of(run.vslice(), run.batchClass()), run.endNs());
            assertThat(run.startNs()).isGreaterThanOrEqualTo(before == null ? 0 : before);
        }
    }

    @Property(tries = TRIES)
    void copies_ofOneDirection_areFirstComeFirstServed(@ForAll long seed) {
        List<Run> runs = run(seed).runs();
        Map<JobStream, Long> endOfLast = new HashMap<>();
        Map<JobKind, Long> engineFree = new HashMap<>();
        Map<JobKind, Long> lastCame = new HashMap<>();
        for (Run run : runs) {
            for (Job job : run.jobs()) {
                long came = Math.max(job.dispatchedNs(), endOfLast.getOrDefault(job.stream(), 0L));
                endOfLast.put(job.stream(), run.endNs());
                if (run.kind() != JobKind.KERNEL) {
                    long free = engineFree.getOrDefault(run.kind(), 0L);
                    assertThat(run.startNs()).isEqualTo(Math.max(came, free));
                    assertThat(came).isGreaterThanOrEqualTo(lastCame.getOrDefault(run.kind(), 0L));
                    engineFree.put(run.kind(), run.endNs());
                    lastCame.put(run.kind(), came);
                }
            }
        }
    }

    @Property(tries = TRIES)
    void memory_staysWithinItsBounds_andComesBack(@ForAll long seed) {
        RunRecorder recorder = run(seed).recorder();
        assertThat(recorder.leastMemory()).isZero();
        assertThat(recorder.mostMemory()).isLessThanOrEqualTo(RandomScenario.MEMORY);
        assertThat(recorder.memory()).isZero();
    }

    @Property(tries = 100)
    void sameSeed_givesTheSameRun(@ForAll long seed) {
        assertThat(run(seed).recorder().hash()).isEqualTo(run(seed).recorder().hash());
    }

    @Property(tries = 50)
    void busyTime_ofFullWidthKernels_isTheSumOfRunTimes(@ForAll long seed) {
        ManualDevice lab = new ManualDevice(ManualDevice.plain());
        SplittableRandom random = new SplittableRandom(seed);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            jobs.add(lab.start(ManualDevice.kernel(100, 1 + random.nextInt(10_000))));
        }
        lab.runOut();
        long sum = jobs.stream().mapToLong(lab::runNs).sum();
        assertThat((double) sum).isCloseTo((double) lab.clock.nowNs(), within(30.0));
    }
}
