package dev.gbpf.host.engine;

import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.ProgramTier;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The programs of an image that begin in the interpreter. When they have run often enough they are compiled beside the plane,
 * and each goes on compiled from its next run.
 */
final class Tier {
    /** Runs of an image before it is compiled: rarely asked policies, and short commands, do without. */
    static final int RUNS = 2_000;

    private final Executor compiler;
    private final Supplier<List<? extends ExecutableProgram>> code;
    private final List<Tiered> programs;
    /** Runs that are left; of the plane's thread. */
    private int left = RUNS;

    /**
     * A tier.
     *
     * @param code compiles the programs and links them, in the same order; an empty list when they stay where they are
     */
    Tier(List<ExecutableProgram> interpreted, Executor compiler, Supplier<List<? extends ExecutableProgram>> code) {
        this.compiler = compiler;
        this.code = code;
        this.programs = interpreted.stream().map(Tiered::new).toList();
    }

    List<ExecutableProgram> programs() {
        return List.copyOf(programs);
    }

    private void count() {
        if (--left == 0) {
            compiler.execute(this::compile);
        }
    }

    private void compile() {
        List<? extends ExecutableProgram> compiled = code.get();
        for (int i = 0; i < compiled.size(); i++) {
            programs.get(i).current = compiled.get(i);
        }
    }

    /** A program in the interpreter, whose runs count. */
    private final class Counted implements ExecutableProgram {
        private final ExecutableProgram interpreted;

        Counted(ExecutableProgram interpreted) {
            this.interpreted = interpreted;
        }

        @Override
        public long run(long context, PlaneServices services) {
            count();
            return interpreted.run(context, services);
        }

        @Override
        public ProgramTier tier() {
            return interpreted.tier();
        }
    }

    /** One program of the image. */
    private final class Tiered implements ExecutableProgram {
        private volatile ExecutableProgram current;

        Tiered(ExecutableProgram interpreted) {
            this.current = new Counted(interpreted);
        }

        @Override
        public long run(long context, PlaneServices services) {
            return current.run(context, services);
        }

        @Override
        public ProgramTier tier() {
            return current.tier();
        }
    }
}
