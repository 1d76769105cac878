package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.AssertionExtractor;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.RejectionException;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.StepMeter;
import dev.gbpf.verifier.cfg.StructureCheck;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.platform.ContextModel;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The analysis of one program, from its instructions to its cost. */
public final class ProgramAnalysis {
    /*
     * Trust. States come from a fixpoint iteration with widening, narrowing and phases; none of it need be believed. The check
     * afterwards visits each block once: with the state found before the block it proves the assertions of the instructions,
     * and that what leaves the block is included in what was found before its successors. By induction over the length of
     * executions, each of them then stays within the states. So soundness rests on the transformer, the refinement at branches,
     * the inclusion test and the assertions; loop bounds and cost rest on the same states.
     */
    private static final int MAX_VIOLATIONS = 20;

    private final Program program;
    private final ProgramType type;
    private final List<MapDefinition> maps;
    private final StepMeter meter;
    private final StateObserver observer;

    private ProgramAnalysis(
            Program program, ProgramType type, List<MapDefinition> maps, StepMeter meter, StateObserver observer) {
        this.program = program;
        this.type = type;
        this.maps = maps;
        this.meter = meter;
        this.observer = observer;
    }

    /**
     * Analyses a program.
     *
     * @param maps the map table that its references count
     * @param stepLimit how much work may be done
     * @param observer sees the states, if the analysis gets that far
     */
    public static AnalysisResult analyse(
            Program program, ProgramType type, List<MapDefinition> maps, long stepLimit, StateObserver observer) {
        StepMeter meter = new StepMeter(stepLimit);
        try {
            return new ProgramAnalysis(program, type, maps, meter, observer).run();
        } catch (RejectionException e) {
            return AnalysisResult.rejected(List.of(e.violation()), meter.steps());
        }
    }

    private AnalysisResult run() {
        List<Violation> violations = StructureCheck.check(program, maps, type);
        if (!violations.isEmpty()) {
            return AnalysisResult.rejected(violations, meter.steps());
        }
        ControlFlowGraph graph = ControlFlowGraph.build(program, meter);
        WeakTopologicalOrder order = WeakTopologicalOrder.of(graph);
        EbpfTransformer transformer = new EbpfTransformer(maps, type.context());
        EbpfFlow flow = new EbpfFlow(graph, transformer, contextRegion(), meter);
        StateDomain domain = new StateDomain(ThresholdCollector.of(program));
        ForwardAnalyzer<EbpfState> states = new ForwardAnalyzer<>(graph, order, domain, flow);
        states.run();
        violations = new Check(graph, order, states, transformer, flow).run();
        if (!violations.isEmpty()) {
            return AnalysisResult.rejected(violations, meter.steps());
        }
        LoopBounds loops = new LoopBounds(graph, order, states, domain, flow, transformer, meter);
        loops.run();
        if (!loops.violations().isEmpty()) {
            return AnalysisResult.rejected(loops.violations(), meter.steps());
        }
        Cost cost = new Cost(graph, order, states, loops.bounds());
        long instructions = cost.instructions();
        if (instructions > type.budget()) {
            return AnalysisResult.rejected(List.of(overBudget(instructions, loops.bounds())), meter.steps());
        }
        return AnalysisResult.accepted(instructions, cost.helperCalls(), loops.bounds(), meter.steps());
    }

    private Region contextRegion() {
        return switch (type.context()) {
            case ContextModel.Fields f -> new Region.Context();
            case ContextModel.RawMemory m -> new Region.RawMemory(m.size());
        };
    }

    private Violation overBudget(long instructions, List<LoopBound> bounds) {
        LoopBound most = null;
        for (LoopBound bound : bounds) {
            if (most == null || bound.iterations() > most.iterations()) {
                most = bound;
            }
        }
        String cost = instructions >= Cost.MANY ? "practically without limit" : instructions + " instructions";
        String known = "the worst case is " + cost;
        if (most != null) {
            String iterations = most.iterations() >= LoopBound.MANY ? "2^62 or more" : Long.toString(most.iterations());
            known += "; the loop at pc=" + program.pcOf(most.index()) + " can iterate " + iterations + " times ("
                    + most.counter() + ")";
        }
        return new Violation(
                RejectionCode.OVER_BUDGET,
                most == null ? 0 : most.index(),
                "the worst case fits the budget of " + type.name(),
                known,
                "at most " + type.budget() + " instructions",
                null);
    }

    /** The proof that the states hold and that they prove the assertions. */
    private final class Check {
        private final ControlFlowGraph graph;
        private final WeakTopologicalOrder order;
        private final ForwardAnalyzer<EbpfState> states;
        private final EbpfTransformer transformer;
        private final EbpfFlow flow;
        private final AssertionExtractor extractor = new AssertionExtractor(type.verdict());
        private final EbpfChecker checker = new EbpfChecker(type, maps);
        private final List<Violation> violations = new ArrayList<>();
        /** Blocks that have a violation or are dominated by one that has: their states assume what did not hold. */
        private final boolean[] tainted;

        Check(
                ControlFlowGraph graph,
                WeakTopologicalOrder order,
                ForwardAnalyzer<EbpfState> states,
                EbpfTransformer transformer,
                EbpfFlow flow) {
            this.graph = graph;
            this.order = order;
            this.states = states;
            this.transformer = transformer;
            this.flow = flow;
            this.tainted = new boolean[graph.size()];
        }

        List<Violation> run() {
            @Nullable Object[] onEdges = new Object[2 * graph.size()];
            confirmEntry();
            for (int i = 0; i < order.size() && violations.size() < MAX_VIOLATIONS; i++) {
                int block = order.block(i);
                int dominator = order.immediateDominator(block);
                tainted[block] = dominator >= 0 && tainted[dominator];
                EbpfState before = states.before(block);
                if (before != null) {
                    block(block, before.copy(), onEdges);
                }
            }
            return violations;
        }

        private void confirmEntry() {
            EbpfState first = states.before(0);
            if (first == null || !first.includes(flow.atEntry())) {
                unconfirmed(0);
            }
        }

        private void block(int block, EbpfState state, @Nullable Object[] onEdges) {
            BasicBlock b = graph.block(block);
            meter.charge(b.length(), b.first());
            for (int i = b.first(); i <= b.last(); i++) {
                observer.observe(b.context(), i, state);
                Instruction instruction = program.get(i);
                if (!tainted[block]) {
                    tainted[block] = violates(instruction, state, i, b.context().depth());
                }
                transformer.apply(state, instruction);
            }
            flow.leave(block, state, onEdges);
            confirm(block, 2 * block, onEdges);
            confirm(block, 2 * block + 1, onEdges);
        }

        private boolean violates(Instruction instruction, EbpfState state, int index, int depth) {
            for (Assertion assertion : extractor.extract(instruction, depth)) {
                Violation violation = checker.check(assertion, state, index);
                if (violation != null) {
                    // A function that is called from several places has the same fault at each; once is enough.
                    if (violations.stream().noneMatch(v -> v.index() == index && v.code() == violation.code())) {
                        violations.add(violation);
                    }
                    return true;
                }
            }
            return false;
        }

        private void confirm(int block, int edge, @Nullable Object[] onEdges) {
            int target = graph.edgeTarget(edge);
            if (target < 0 || !(onEdges[edge] instanceof EbpfState leaving)) {
                return;
            }
            onEdges[edge] = null;
            EbpfState found = states.before(target);
            EbpfState taken = states.onEdge(edge);
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
}
