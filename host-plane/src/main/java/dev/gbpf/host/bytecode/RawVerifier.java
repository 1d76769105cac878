package dev.gbpf.host.bytecode;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies raw programs: every helper is open to them, r0 may be anything, and there is no budget. */
public final class RawVerifier {
    private static final Set<Helper> HELPERS = EnumSet.allOf(Helper.class);

    private final Verifier verifier = new Verifier();
    private final boolean conformanceHelpers;

    /**
     * A verifier.
     *
     * @param conformanceHelpers whether helper 5 gives its first argument
     */
    public RawVerifier(boolean conformanceHelpers) {
        this.conformanceHelpers = conformanceHelpers;
        // Loads the classes, so that the first program's time is its own.
        verify(new RawProgram(new byte[] {(byte) 0x95, 0, 0, 0, 0, 0, 0, 0}, List.of(), new byte[0]));
    }

    /**
     * What was found.
     *
     * @param program the decoded program; null when it does not decode
     * @param code why it is rejected, or null when it is accepted
     * @param pc the slot that the rejection is about, or null
     * @param message the rejection in words, with its place; empty when it is accepted
     * @param cost the worst-case number of instructions; 0 when it is rejected
     * @param nanos how long it took to decode and verify, ns
     */
    public record Finding(
            @Nullable Program program,
            @Nullable String code,
            @Nullable Integer pc,
            String message,
            long cost,
            long nanos) {
        public boolean isAccepted() {
            return code == null;
        }
    }

    /** Decodes and verifies a program. */
    public Finding verify(RawProgram raw) {
        long start = System.nanoTime();
        Program program;
        try {
            program = raw.decode();
        } catch (BytecodeException e) {
            return new Finding(null, e.problem().code(), e.pc(), e.text(), 0, since(start));
        }
        ProgramType type = ProgramType.raw(raw.memory().length, ProgramType.NO_BUDGET, HELPERS);
        AnalysisResult result =
                verifier.analyse(program, conformanceHelpers ? type.withAnyResults() : type, raw.definitions());
        long nanos = since(start);
        if (result.isAccepted()) {
            return new Finding(program, null, null, "", result.instructions(), nanos);
        }
        Violation violation = result.violations().getFirst();
        int pc = program.pcOf(violation.index());
        return new Finding(program, violation.code().code(), pc, "pc=" + pc + ": " + words(violation), 0, nanos);
    }

    private static long since(long start) {
        return System.nanoTime() - start;
    }

    private static String words(Violation violation) {
        StringBuilder text = new StringBuilder(violation.code().title());
        text.append("; to prove: ").append(violation.assertion());
        if (!violation.known().isEmpty()) {
            text.append("; known: ").append(violation.known());
        }
        if (!violation.needed().isEmpty()) {
            text.append("; needed: ").append(violation.needed());
        }
        return text.toString();
    }
}
