package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import java.util.ArrayList;
import java.util.List;

/** The proof that the states found hold all executions, and that they satisfy the assertions of the instructions. */
final class StateCheck {
    /*
     * Trust. States come from a fixpoint iteration with widening, narrowing and phases; none of it need be believed. This check
     * looks at each block once: the state found before it proves the assertions of its instructions; and the states that leave it,
     * which the flow function made of that very state, are included in what was found before its successors. By induction over the
     * length of executions, each of them then stays within the states. So soundness rests on the flow function (transformer and
     * refinement at branches), the inclusion test and the assertions; loop bounds and cost rest on the same states.
     */
    private static final int MAX_VIOLATIONS = 20;

    private final Fixpoint fixpoint;
    private final ControlFlowGraph graph;
    private final InstructionCheck check;
    private final List<Violation> violations = new ArrayList<>();
    /** Blocks that have a violation or are dominated by one that has: their states assume what did not hold. */
    private final boolean[] tainted;

    StateCheck(Fixpoint fixpoint, InstructionCheck check) {
        this.fixpoint = fixpoint;
        this.graph = fixpoint.graph();
        this.check = check;
        this.tainted = new boolean[graph.size()];
    }

    /** What could not be proved; empty when everything was. At most the first 20. */
    List<Violation> run() {
        if (!fixpoint.confirmsEntry(0)) {
            unconfirmed(0);
        }
        for (int i = 0; i < fixpoint.order().size() && violations.size() < MAX_VIOLATIONS; i++) {
            int block = fixpoint.order().block(i);
            int dominator = fixpoint.order().immediateDominator(block);
            tainted[block] = dominator >= 0 && tainted[dominator];
            DisjunctiveState before = fixpoint.states().before(block);
            if (before != null) {
                if (!fixpoint.flow().isProved(block)) {
                    for (EbpfState disjunct : before.disjuncts()) {
                        block(block, disjunct.copy());
                    }
                }
                if (!fixpoint.confirms(block, fixpoint.order().size())) {
                    unconfirmed(graph.block(block).last());
                }
            }
        }
        return violations;
    }

    private void block(int block, EbpfState state) {
        BasicBlock b = graph.block(block);
        fixpoint.meter().interpret(b.length(), b.first());
        for (int i = b.first(); i <= b.last(); i++) {
            Instruction instruction = graph.program().get(i);
            if (!tainted[block]) {
                tainted[block] = violates(instruction, state, i, block);
            }
            fixpoint.transformer().apply(state, instruction, i);
        }
    }

    private boolean violates(Instruction instruction, EbpfState state, int index, int block) {
        Violation violation = check.violation(instruction, state, index, block);
        // A function that is called from several places has the same fault at each; once is enough.
        if (violation != null
                && violations.stream().noneMatch(v -> v.index() == index && v.code() == violation.code())) {
            violations.add(violation);
        }
        return violation != null;
    }

    private void unconfirmed(int index) {
        violations.add(Violation.of(
                RejectionCode.UNCONFIRMED, index, "the states found after this instruction hold all executions"));
    }
}
