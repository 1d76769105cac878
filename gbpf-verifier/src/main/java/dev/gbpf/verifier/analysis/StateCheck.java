package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.AssertionExtractor;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation.Fault;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The proof that the states found hold all executions, and that they satisfy the assertions of the instructions. */
final class StateCheck {
    /*
     * Trust. States come from a fixpoint iteration with widening, narrowing and phases; none of it need be believed. This check
     * visits each block once: with the state found before the block it proves the assertions of the instructions, and that what
     * leaves the block is included in what was found before its successors. By induction over the length of executions, each of
     * them then stays within the fixpoint.states(). So soundness rests on the transformer, the refinement at branches, the inclusion test
     * and the assertions; loop bounds and cost rest on the same fixpoint.states().
     */
    private static final int MAX_VIOLATIONS = 20;

    private final Fixpoint fixpoint;
    private final ControlFlowGraph graph;
    private final AssertionExtractor extractor;
    private final EbpfChecker checker;
    private final List<Violation> violations = new ArrayList<>();
    /** Blocks that have a violation or are dominated by one that has: their states assume what did not hold. */
    private final boolean[] tainted;

    StateCheck(Fixpoint fixpoint, ProgramType type, EbpfChecker checker) {
        this.fixpoint = fixpoint;
        this.graph = fixpoint.graph();
        this.extractor = new AssertionExtractor(
                type.verdict(), type.device() == null || type.device().wideDivision());
        this.checker = checker;
        this.tainted = new boolean[graph.size()];
    }

    /** What could not be proved; empty when everything was. At most the first 20. */
    List<Violation> run() {
        confirmEntry();
        for (int i = 0; i < fixpoint.order().size() && violations.size() < MAX_VIOLATIONS; i++) {
            int block = fixpoint.order().block(i);
            int dominator = fixpoint.order().immediateDominator(block);
            tainted[block] = dominator >= 0 && tainted[dominator];
            DisjunctiveState before = fixpoint.states().before(block);
            if (before != null) {
                EbpfFlow.Leaving leaving = new EbpfFlow.Leaving();
                for (EbpfState disjunct : before.disjuncts()) {
                    block(block, disjunct.copy(), leaving);
                }
                confirm(block, 2 * block, leaving.next());
                confirm(block, 2 * block + 1, leaving.taken());
            }
        }
        return violations;
    }

    private void confirmEntry() {
        DisjunctiveState first = fixpoint.states().before(0);
        if (first == null || !first.includes(fixpoint.flow().atEntry())) {
            unconfirmed(0);
        }
    }

    private void block(int block, EbpfState state, EbpfFlow.Leaving leaving) {
        BasicBlock b = graph.block(block);
        fixpoint.meter().charge(b.length(), b.first());
        for (int i = b.first(); i <= b.last(); i++) {
            Instruction instruction = graph.program().get(i);
            if (!tainted[block]) {
                tainted[block] = violates(instruction, state, i, b);
            }
            fixpoint.transformer().apply(state, instruction);
        }
        fixpoint.flow().leave(block, state, leaving);
    }

    private boolean violates(Instruction instruction, EbpfState state, int index, BasicBlock block) {
        for (Assertion assertion :
                extractor.extract(instruction, block.context().depth())) {
            Violation violation = checker.check(assertion, state, index);
            if (violation != null) {
                // A function that is called from several places has the same fault at each; once is enough.
                if (violations.stream().noneMatch(v -> v.index() == index && v.code() == violation.code())) {
                    violations.add(violation.at(new Fault(block.id(), assertion)));
                }
                return true;
            }
        }
        return false;
    }

    private void confirm(int block, int edge, @Nullable DisjunctiveState leaving) {
        int target = graph.edgeTarget(edge);
        if (target < 0 || leaving == null) {
            return;
        }
        DisjunctiveState found = fixpoint.states().before(target);
        DisjunctiveState taken = fixpoint.states().onEdge(edge);
        boolean holds = found != null && taken != null && taken.includes(leaving) && found.includes(leaving);
        if (!holds) {
            unconfirmed(graph.block(block).last());
        }
    }

    private void unconfirmed(int index) {
        violations.add(Violation.of(
                RejectionCode.UNCONFIRMED, index, "the states found after this instruction hold all executions"));
    }
}
