package dev.gbpf.verifier.precision;

import dev.gbpf.isa.Program;
import dev.gbpf.verifier.testkit.CheckedMachine;
import dev.gbpf.verifier.testkit.FreshInputs;
import dev.gbpf.verifier.testkit.ProgramText;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Compares what programs that both verifiers accept return: on Linux, and on the {@link CheckedMachine}. Of r0 the low 32 bits
 * count, which is what Linux tells. Programs whose result depends on the clock or on random numbers are left out.
 */
final class ResultComparison {
    /** A result that is the same for so many clocks and random numbers does not depend on them: not even on one bit of one. */
    private static final int RUNS = 32;

    private static final long STEP_LIMIT = 10_000_000;

    private int equal;
    private int different;
    private int undetermined;
    private int notRun;

    /**
     * Compares one program.
     *
     * @param errno what running it on Linux said, 0 when it ran
     * @param retval what it returned there, 32 bits
     */
    void compare(long seed, Program program, String errno, String retval) {
        if (!errno.equals("0")) {
            notRun++;
            return;
        }
        long[] results = LongStream.range(0, RUNS)
                .map(run -> new CheckedMachine(
                                program, OracleComparison.TYPE, OracleComparison.MAPS, new FreshInputs(new Random(run)))
                        .run(STEP_LIMIT, CheckedMachine.Watcher.NONE))
                .map(r0 -> r0 & 0xFFFF_FFFFL)
                .distinct()
                .toArray();
        if (results.length > 1) {
            undetermined++;
        } else if (results[0] == (Long.parseLong(retval) & 0xFFFF_FFFFL)) {
            equal++;
        } else {
            different++;
            System.out.println("seed " + seed + " returns " + results[0] + ", on Linux " + retval + "\n"
                    + ProgramText.of(program));
        }
    }

    @Override
    public String toString() {
        return "results: equal " + equal + ", different " + different + ", by clock or random numbers " + undetermined
                + ", not run by Linux " + notRun;
    }
}
