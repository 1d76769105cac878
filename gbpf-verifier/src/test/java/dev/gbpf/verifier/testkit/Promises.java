package dev.gbpf.verifier.testkit;

import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.StateOracle;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * The verifier's promises, tried: an accepted program runs on a {@link CheckedMachine} without a fault, within its certificate,
 * and each value at each instruction is one that the state found there stands for.
 */
public final class Promises {
    /** How often an accepted program runs. */
    public static final int RUNS = Integer.getInteger("gbpf.soundness.runs", 6);

    private static final long STEP_LIMIT = 2_000_000;

    private final ProgramType type;
    private final List<MapDefinition> maps;

    private Promises(ProgramType type, List<MapDefinition> maps) {
        this.type = type;
        this.maps = List.copyOf(maps);
    }

    /**
     * Promises about programs of one type.
     *
     * @param maps the map table that the programs' references count
     */
    public static Promises of(ProgramType type, List<MapDefinition> maps) {
        return new Promises(type, maps);
    }

    /** Promises about the programs of {@link ProgramArbitraries}, and those made from them. */
    public static Promises ofTestHook() {
        return of(TestHook.ANY_VERDICT, TestHook.MAPS);
    }

    /**
     * Verifies a program, and if it is accepted runs it six times, or as often as {@code -Dgbpf.soundness.runs} says.
     *
     * @param random what it finds in the world
     * @return whether it was accepted
     * @throws AssertionError when a promise is broken; the message has the program
     */
    public boolean check(Program program, Random random) {
        AnalysisResult result =
                new Verifier(VerifierOptions.DEFAULT.withStepLimit(STEP_LIMIT)).analyse(program, type, maps);
        if (!result.isAccepted()) {
            if (result.violations().stream().anyMatch(v -> v.code() == RejectionCode.UNCONFIRMED)) {
                throw new AssertionError("the verifier does not confirm its own result\n" + ProgramText.of(program));
            }
            return false;
        }
        StateOracle states = new StateOracle(Objects.requireNonNull(result.states()));
        RandomInputs inputs = new RandomInputs(program, random);
        for (int run = 0; run < RUNS; run++) {
            run(program, result, states, inputs);
        }
        return true;
    }

    private void run(Program program, AnalysisResult result, StateOracle states, MachineInputs inputs) {
        CheckedMachine machine = new CheckedMachine(program, type, maps, inputs);
        states.start();
        try {
            machine.run(result.instructions(), states::check);
            if (machine.helperCalls() > result.helperCalls()) {
                throw new AssertionError(
                        machine.helperCalls() + " helper calls, " + result.helperCalls() + " were promised at most");
            }
        } catch (MachineFault | AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + ProgramText.of(program), e);
        }
    }
}
