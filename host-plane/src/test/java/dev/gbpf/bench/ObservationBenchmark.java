package dev.gbpf.bench;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to take a decision down, beside a run of the same stand-in for a decision without. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ObservationBenchmark {
    private final Job job = new Job(
            7, new JobStream(1, new Tenant(3, "t", 1, 0)), new JobSpec(JobKind.KERNEL, 1, 1, 1, 0, 0, 0, 0, 0, 0), 0);
    private Arena arena = Arena.ofConfined();
    private Observation untimed = new Observation(arena, 1_000_000);
    private Observation sampled = new Observation(arena, 1_000_000);
    private Observation timed = new Observation(arena, 1_000_000);
    private Observation traced = new Observation(arena, 1_000_000);
    private long now;

    @Setup
    public void setUp() {
        sampled.time(System::nanoTime, Observation.TIMED_ONE_OF);
        timed.time(System::nanoTime, 1);
        traced.time(System::nanoTime, Observation.TIMED_ONE_OF);
        traced.trace(1);
    }

    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** Stands for a program: a few dependent operations. */
    private long decide() {
        long x = ++now * 0x9E37_79B9_7F4A_7C15L;
        x ^= x >>> 29;
        return x & 1;
    }

    @Benchmark
    public long nothing() {
        return decide();
    }

    private long observed(Observation observation) {
        long began = observation.begin(Hook.ON_SUBMIT);
        long verdict = decide();
        observation.decided(began, Hook.ON_SUBMIT, 1, job, verdict, now);
        return verdict;
    }

    @Benchmark
    public long flightRecorder() {
        return observed(untimed);
    }

    @Benchmark
    public long flightRecorder_timedOneOf16() {
        return observed(sampled);
    }

    @Benchmark
    public long flightRecorder_timedAll() {
        return observed(timed);
    }

    @Benchmark
    public long flightRecorder_timedOneOf16_tracedAll() {
        return observed(traced);
    }

    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }
}
