package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.AssertionExtractor;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides whether a state satisfies all assertions of an instruction. */
final class InstructionCheck {
    private final AssertionExtractor extractor;
    private final EbpfChecker checker;

    InstructionCheck(ProgramType type, EbpfChecker checker) {
        this.extractor = new AssertionExtractor(
                type.verdict(), type.device() == null || type.device().wideDivision());
        this.checker = checker;
    }

    /** Says of the first assertion that the state, in {@code block}, does not prove what is wrong; or null. */
    @Nullable
    Violation violation(Instruction instruction, EbpfState state, int index, int block) {
        List<Assertion> assertions = extractor.extract(instruction, state.depth());
        for (int i = 0; i < assertions.size(); i++) {
            Violation violation = checker.check(assertions.get(i), state, index);
            if (violation != null) {
                return violation.at(new Violation.Fault(block, assertions.get(i)));
            }
        }
        return null;
    }
}
