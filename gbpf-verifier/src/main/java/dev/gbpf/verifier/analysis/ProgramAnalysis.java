package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.RejectionException;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.Liveness;
import dev.gbpf.verifier.cfg.StructureCheck;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.limit.ResourceMeter;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.List;

/** The analysis of one program, from its instructions to its cost. */
public final class ProgramAnalysis {
    /** Most programs are proved with one state per point; others are tried once more with up to this many. */
    private static final int DISJUNCTS = 8;

    private final Program program;
    private final ProgramType type;
    private final List<MapDefinition> maps;
    private final ResourceMeter meter;

    private ProgramAnalysis(Program program, ProgramType type, List<MapDefinition> maps, ResourceMeter meter) {
        this.program = program;
        this.type = type;
        this.maps = maps;
        this.meter = meter;
    }

    /**
     * Analyses a program.
     *
     * @param maps the map table that its references count
     * @param meter says how much it may use, and when to stop
     */
    public static AnalysisResult analyse(
            Program program, ProgramType type, List<MapDefinition> maps, ResourceMeter meter) {
        try {
            return new ProgramAnalysis(program, type, maps, meter).run();
        } catch (RejectionException e) {
            return AnalysisResult.rejected(List.of(e.violation()), meter.effort());
        }
    }

    private AnalysisResult run() {
        List<Violation> violations = StructureCheck.check(program, maps, type);
        if (!violations.isEmpty()) {
            return AnalysisResult.rejected(violations, meter.effort());
        }
        ControlFlowGraph graph = ControlFlowGraph.build(program, meter);
        WeakTopologicalOrder order = WeakTopologicalOrder.of(graph);
        Liveness liveness = Liveness.of(graph, order);
        Attempt joined = attempt(graph, order, liveness, 1, new LoopCaps());
        if (joined.result.isAccepted()) {
            return joined.result;
        }
        try {
            LoopCaps caps = joined.caps();
            Attempt joinedWithCaps = caps.isEmpty() ? joined : attempt(graph, order, liveness, 1, caps);
            if (joinedWithCaps.result.isAccepted()) {
                return joinedWithCaps.result;
            }
            Attempt byPaths = attempt(graph, order, liveness, DISJUNCTS, new LoopCaps());
            // What only costs too much is no less proved for a second look that saw less.
            AnalysisResult found = joined.isSafe && !byPaths.isSafe ? joined.result : byPaths.result;
            LoopCaps capsByPaths = byPaths.caps();
            if (byPaths.result.isAccepted() || capsByPaths.isEmpty()) {
                return found;
            }
            Attempt capped = attempt(graph, order, liveness, DISJUNCTS, capsByPaths);
            return capped.result.isAccepted() ? capped.result : found;
        } catch (RejectionException limit) {
            List<Violation> both = new ArrayList<>(joined.result.violations());
            both.add(limit.violation());
            return joined.result.rejectedFor(both, meter.effort());
        }
    }

    /**
     * One way to prove a program.
     *
     * @param result what it found
     * @param isSafe whether nothing but the cost stands against the program
     * @param loops the bounds of loops, which tell caps for another attempt
     */
    private record Attempt(AnalysisResult result, boolean isSafe, LoopBounds loops) {
        /** What the bounds of loops say of their registers; nothing where the states that the bounds rest on are not confirmed. */
        LoopCaps caps() {
            boolean areConfirmed = result.violations().stream().noneMatch(v -> v.code() == RejectionCode.UNCONFIRMED);
            return areConfirmed ? loops.caps() : new LoopCaps();
        }
    }

    private Attempt attempt(
            ControlFlowGraph graph, WeakTopologicalOrder order, Liveness liveness, int disjuncts, LoopCaps caps) {
        EbpfChecker checker = new EbpfChecker(type, maps, graph.program());
        InstructionCheck check = new InstructionCheck(type, checker);
        EbpfTransformer transformer =
                new EbpfTransformer(maps, type, graph.program().size());
        LoopCaps applied = caps.copy();
        EbpfFlow flow = new EbpfFlow(graph, order, liveness, transformer, type.context(), meter, applied, check);
        StateDomain domain = new StateDomain(new ThresholdCollector(graph, order), disjuncts, meter);
        ForwardAnalyzer<DisjunctiveState> states = new ForwardAnalyzer<>(graph, order, domain, flow, meter);
        Fixpoint fixpoint = new Fixpoint(graph, order, states, domain, transformer, flow, meter);
        LoopProof proof = new LoopProof(fixpoint, check, applied);
        states.run(proof);
        AnalysisStates found = new AnalysisStates(fixpoint, checker);
        List<Violation> violations = new StateCheck(fixpoint, check).run();
        LoopBounds loops = proof.bounds();
        return new Attempt(
                violations.isEmpty() ? costed(fixpoint, loops, found) : rejected(violations, loops, found),
                violations.isEmpty() && loops.violations().isEmpty(),
                loops);
    }

    private AnalysisResult costed(Fixpoint fixpoint, LoopBounds loops, AnalysisStates found) {
        if (!loops.violations().isEmpty()) {
            return rejected(loops.violations(), loops, found);
        }
        Cost cost = new Cost(fixpoint, loops.bounds());
        long instructions = cost.instructions();
        if (instructions > type.budget()) {
            List<Violation> dear = List.of(overBudget(instructions, loops.bounds()));
            return new AnalysisResult(dear, instructions, 0, loops.bounds(), List.of(), meter.effort(), found);
        }
        DeviceRules device = new DeviceRules(fixpoint, type, maps);
        List<Violation> broken = device.check();
        return broken.isEmpty()
                ? new AnalysisResult(
                        List.of(),
                        instructions,
                        cost.helperCalls(),
                        loops.bounds(),
                        device.divergences(),
                        meter.effort(),
                        found)
                : rejected(broken, loops, found);
    }

    private AnalysisResult rejected(List<Violation> violations, LoopBounds loops, AnalysisStates found) {
        return new AnalysisResult(violations, 0, 0, loops.bounds(), List.of(), meter.effort(), found);
    }

    private Violation overBudget(long instructions, List<LoopBound> bounds) {
        LoopBound most = null;
        for (LoopBound bound : bounds) {
            if (most == null || bound.iterations() > most.iterations()) {
                most = bound;
            }
        }
        String cost = instructions >= Cost.MANY ? "2^62 instructions or more" : instructions + " instructions";
        String known = "the worst case is " + cost;
        if (most != null) {
            String iterations =
                    most.iterations() >= LoopBound.MANY ? "2^62 times or more" : most.iterations() + " times";
            known += "; this loop can go round " + iterations + " (" + most.counter() + ")";
        }
        return new Violation(
                RejectionCode.OVER_BUDGET,
                most == null ? 0 : most.index(),
                "the worst case fits the budget of " + type.name(),
                known,
                "at most " + type.budget() + " instructions",
                "",
                List.of(),
                most == null ? null : new Violation.Fault(most.header(), null));
    }
}
