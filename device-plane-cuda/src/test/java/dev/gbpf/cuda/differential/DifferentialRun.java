package dev.gbpf.cuda.differential;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.cuda.differential.CheckDevice.Form;
import dev.gbpf.cuda.differential.CheckDevice.Place;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.ptx.PtxModule;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs on a device, many at a time, and compares what they do with the host's interpreter: each result, context and map. Threads make, verify and run
 * programs on all processors while the device runs others.
 *
 * <pre>
 * nvcc -std=c++20 -O3 -maxrregcount 128 -arch=sm_90 -rdc=true -cubin -I src/main/cuda -o program_check.cubin src/test/cuda/gpu/program_check.cu
 * DifferentialRun gpu program_check.cubin interpreted|compiled PROGRAMS SEED SECONDS
 * DifferentialRun gpu program_check.cubin interpreted|compiled SUITE.jsonl
 * g++ -std=c++20 -O2 -shared -fPIC -I src/main/cuda -o program_check.so -x c++ src/test/cuda/gpu/program_check.cu
 * DifferentialRun cpu program_check.so interpreted PROGRAMS SEED SECONDS
 * </pre>
 *
 * Programs without maps run in all lanes of a warp, others in one. SECONDS are after which no more are begun. Ends with status 1 when anything differed.
 */
public final class DifferentialRun {
    private static final long SEEDS_OF_A_BATCH = 1L << 32;
    private static final int MOST_TOLD = 20;
    /** Enough for all but a few of the programs that are accepted; the others take most of the time. */
    private static final long STEPS = 4_000;

    private final CheckDevice device;
    private final Form form;
    private final List<String> wrong = new ArrayList<>();
    private final AtomicLong programs = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong seeds = new AtomicLong();
    private final AtomicLong makingNs = new AtomicLong();
    private final AtomicLong compilingNs = new AtomicLong();
    private final AtomicLong checkingNs = new AtomicLong();
    private volatile @Nullable Throwable failure;

    DifferentialRun(CheckDevice device, Form form) {
        this.device = device;
        this.form = form;
    }

    /** See above. */
    public static void main(String[] arguments) throws IOException {
        Form form = Form.valueOf(arguments[2].toUpperCase(Locale.ROOT));
        Path code = Path.of(arguments[1]);
        long start = System.nanoTime();
        try (CheckDevice device = arguments[0].equals("cpu")
                ? new CpuCheckDevice(code.toAbsolutePath())
                : new GpuCheckDevice(CudaDriver.open(), Files.readAllBytes(code))) {
            DifferentialRun run = new DifferentialRun(device, form);
            if (arguments.length == 4) {
                run.suite(Path.of(arguments[3]));
            } else {
                run.random(
                        Long.parseLong(arguments[3]),
                        Long.parseLong(arguments[4]),
                        Long.parseLong(arguments[5]),
                        Runtime.getRuntime().availableProcessors());
            }
            run.wrong().forEach(System.out::println);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: %s; %.1f s%n",
                    arguments[0],
                    form.name().toLowerCase(Locale.ROOT),
                    run,
                    (System.nanoTime() - start) / 1e9);
            System.exit(run.wrong().isEmpty() ? 0 : 1);
        }
    }

    /** What differed, at most 20 of it; empty when nothing did. */
    List<String> wrong() {
        synchronized (wrong) {
            return List.copyOf(wrong);
        }
    }

    long programs() {
        return programs.get();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d programs of %,d seeds, %,d runs: %d differ (threads: %.1f s making and running them on the host, %.1f s compiling, %.1f s on the device)",
                programs.get(),
                seeds.get(),
                runs.get(),
                wrong().size(),
                makingNs.get() / 1e9,
                compilingNs.get() / 1e9,
                checkingNs.get() / 1e9);
    }

    /** The ISA suite. */
    void suite(Path file) {
        Place place = device.place(form);
        List<CheckedProgram> all = CheckedProgram.suite(file);
        for (int next = 0; next < all.size(); ) {
            PtxModule module = module();
            ProgramBatch batch = place.batch();
            while (next < all.size() && batch.add(all.get(next), module)) {
                next++;
            }
            check(place, batch, module);
        }
    }

    /**
     * Random programs.
     *
     * @param count how many, about
     * @param seed which: the same seed and batches give the same programs
     * @param seconds after which none are begun
     */
    void random(long count, long seed, long seconds, int threads) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        AtomicLong batches = new AtomicLong(seed * (1L << 20));
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().start(() -> {
                try {
                    Place place = device.place(form);
                    Verifier verifier = verifier();
                    while (programs.get() < count && System.nanoTime() < end && failure == null) {
                        batch(place, verifier, batches.getAndIncrement() * SEEDS_OF_A_BATCH, Integer.MAX_VALUE);
                    }
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
            }));
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        Throwable failed = failure;
        if (failed != null) {
            throw new IllegalStateException(failed);
        }
    }

    /** So many random programs from a seed on, by this thread. */
    void some(int count, long seed) {
        Place place = device.place(form);
        for (long next = seed; programs.get() < count; next += SEEDS_OF_A_BATCH) {
            batch(place, verifier(), next, (int) (count - programs.get()));
        }
    }

    private static Verifier verifier() {
        return new Verifier(VerifierOptions.DEFAULT.withStepLimit(STEPS));
    }

    private @Nullable PtxModule module() {
        return form == Form.COMPILED ? new PtxModule() : null;
    }

    private void batch(Place place, Verifier verifier, long firstSeed, int most) {
        long start = System.nanoTime();
        PtxModule module = module();
        ProgramBatch batch = place.batch();
        long seed = firstSeed;
        boolean room = true;
        while (room && batch.programs().size() < most) {
            Optional<CheckedProgram> program = CheckedProgram.random(seed++, verifier);
            room = program.isEmpty() || batch.add(program.get(), module);
        }
        seeds.addAndGet(seed - firstSeed);
        makingNs.addAndGet(System.nanoTime() - start);
        check(place, batch, module);
    }

    private void check(Place place, ProgramBatch batch, @Nullable PtxModule module) {
        long start = System.nanoTime();
        if (module != null) {
            place.compile(batch, module.text());
        }
        long compiled = System.nanoTime();
        MemorySegment outcomes = place.check(batch);
        compilingNs.addAndGet(compiled - start);
        checkingNs.addAndGet(System.nanoTime() - compiled);
        for (int i = 0; i < batch.programs().size(); i++) {
            CheckedProgram program = batch.programs().get(i);
            runs.addAndGet(program.runs().size());
            compare(program, outcomes.asSlice((long) i * ProgramBatch.OUTCOME, ProgramBatch.OUTCOME));
        }
        programs.addAndGet(batch.programs().size());
    }

    private void compare(CheckedProgram program, MemorySegment outcome) {
        int results = outcome.get(JAVA_INT, 0);
        int contexts = outcome.get(JAVA_INT, 4);
        int values = outcome.get(JAVA_INT, 8);
        if (results + contexts + values == 0) {
            return;
        }
        synchronized (wrong) {
            if (wrong.size() < MOST_TOLD) {
                wrong.add(program.name() + ": r0 wrong in " + results + " lanes, the context in " + contexts
                        + ", maps " + (values == 0 ? "right" : "wrong") + "; last r0 0x"
                        + Long.toHexString(outcome.get(JAVA_LONG, 16)) + ", not 0x"
                        + Long.toHexString(program.runs().getLast().r0()) + "; fault " + outcome.get(JAVA_INT, 12)
                        + " at " + outcome.get(JAVA_LONG, 24) + "\n"
                        + program.program().instructions().stream()
                                .map(Disassembler::text)
                                .collect(Collectors.joining("\n")));
            }
        }
    }
}
