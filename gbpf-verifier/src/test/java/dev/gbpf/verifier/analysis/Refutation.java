package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.Program;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.testkit.CheckedMachine;
import dev.gbpf.verifier.testkit.MachineFault;
import dev.gbpf.verifier.testkit.RandomInputs;
import java.util.Random;

/** Shows by execution what a program for {@link Fixture#TYPE} can do: break a promise, or keep all of them. */
public final class Refutation {
    private static final int UNSAFE_TRIES = 20_000;
    private static final int SAFE_TRIES = 300;

    private Refutation() {}

    /** Some execution does what an accepted program never does. */
    public static void assertFaults(Program program) {
        Random random = new Random(1);
        for (int i = 0; i < UNSAFE_TRIES; i++) {
            if (faults(program, random)) {
                return;
            }
        }
        throw new AssertionError("no execution of " + UNSAFE_TRIES + " faults");
    }

    /** No execution of some hundred does. */
    public static void assertRuns(Program program) {
        Random random = new Random(1);
        for (int i = 0; i < SAFE_TRIES; i++) {
            assertThat(faults(program, random)).as("execution %d faults", i).isFalse();
        }
    }

    private static boolean faults(Program program, Random random) {
        try {
            new CheckedMachine(program, Fixture.TYPE, Fixture.MAPS, new RandomInputs(program, random))
                    .run(Fixture.BUDGET, CheckedMachine.Watcher.NONE);
            return false;
        } catch (MachineFault e) {
            return true;
        }
    }
}
