package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.Program;
import dev.gbpf.verifier.testkit.Mutation;
import dev.gbpf.verifier.testkit.PolicyPrograms;
import dev.gbpf.verifier.testkit.PolicyPrograms.PolicyProgram;
import dev.gbpf.verifier.testkit.Promises;
import dev.gbpf.verifier.testkit.RandomCode;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/**
 * Random programs: whatever is accepted keeps every promise (see {@link Promises}). {@code -Dgbpf.long=true} tries a million programs;
 * {@code -Dgbpf.soundness.programs}, {@code .runs} and {@code .seed} say how many, how often each runs, and from where on.
 */
class SoundnessTest {
    private static final long SEED = Long.getLong("gbpf.soundness.seed", 20261121);
    private static final Promises PROMISES = Promises.ofTestHook();

    @Test
    void randomPrograms_thatAreAccepted_keepEveryPromise() {
        int programs = Integer.getInteger("gbpf.soundness.programs", Boolean.getBoolean("gbpf.long") ? 1_000_000 : 400);
        int accepted = 0;
        for (int i = 0; i < programs; i++) {
            accepted += tryProgram(SEED + i) ? 1 : 0;
        }
        System.out.printf(
                "soundness: seed %d, %,d programs, %,d accepted, %,d executions%n",
                SEED, programs, accepted, (long) accepted * Promises.RUNS);
        assertThat((double) accepted)
                .as("accepted of %d programs: a share of 0.18, less four standard deviations", programs)
                .isGreaterThan(0.18 * programs - 4 * Math.sqrt(0.18 * 0.82 * programs));
    }

    /** Programs that people wrote, with one to three changes each. */
    @Test
    void mutantsOfPolicies_thatAreAccepted_keepEveryPromise() {
        List<PolicyProgram> written = PolicyPrograms.all();
        int programs = Integer.getInteger("gbpf.soundness.programs", Boolean.getBoolean("gbpf.long") ? 100_000 : 200);
        int accepted = 0;
        for (int i = 0; i < programs; i++) {
            Random random = new Random(SEED + i);
            PolicyProgram policy = written.get(random.nextInt(written.size()));
            try {
                boolean isAccepted =
                        Promises.of(policy.type(), policy.maps()).check(Mutation.of(policy.program(), random), random);
                accepted += isAccepted ? 1 : 0;
            } catch (AssertionError e) {
                throw new AssertionError("seed " + (SEED + i) + ", " + policy + ": " + e.getMessage(), e);
            }
        }
        System.out.printf(
                "soundness of %d policy programs: seed %d, %,d mutants, %,d accepted, %,d executions%n",
                written.size(), SEED, programs, accepted, (long) accepted * Promises.RUNS);
        assertThat(accepted).isGreaterThan(programs / 10);
    }

    @Property(tries = 80, shrinking = ShrinkingMode.OFF)
    void anySeed_acceptedProgram_keepsEveryPromise(@ForAll long seed) {
        boolean accepted = tryProgram(seed);
        Statistics.label("accepted").collect(accepted);
    }

    /** Whether the program of this seed is accepted; if so it is run. */
    private static boolean tryProgram(long seed) {
        Random random = new Random(seed);
        Program written = RandomCode.generate(random);
        Program program = random.nextInt(3) == 0 ? Mutation.of(written, random) : written;
        try {
            return PROMISES.check(program, random);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
