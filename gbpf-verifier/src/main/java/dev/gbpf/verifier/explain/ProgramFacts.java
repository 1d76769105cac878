package dev.gbpf.verifier.explain;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.ReturnKind;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.object.LineInfo;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.LoopBound;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.explain.LineFacts.Execution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the verifier found about a program, line by line. */
public final class ProgramFacts {
    private final ProgramText text;
    private final AnalysisStates states;
    private final Map<Integer, Line> lines = new TreeMap<>();
    /** Indexes of the instructions of each line, ascending. */
    private final Map<Integer, List<Integer>> byLine = new HashMap<>();

    /** What is gathered of a line. */
    private static final class Line {
        /** Instructions by how often they are executed. */
        final Map<Long, Integer> executions = new TreeMap<>();

        final List<Long> loops = new ArrayList<>();
        /** Subjects with what is known of them, joined over all activations and ways. */
        final Map<String, Value> defined = new LinkedHashMap<>();

        final Map<String, Value> narrowed = new LinkedHashMap<>();
    }

    private ProgramFacts(ProgramText text, AnalysisStates states) {
        this.text = text;
        this.states = states;
    }

    /** The lines of a program with what was found about them, in order; none when the analysis did not get to states. */
    public static List<LineFacts> of(ProgramText text, AnalysisResult result) {
        AnalysisStates states = result.states();
        if (states == null) {
            return List.of();
        }
        ProgramFacts facts = new ProgramFacts(text, states);
        Repetition repetition = new Repetition(states, result.loops());
        for (int i = 0; i < text.program().size(); i++) {
            facts.line(i);
            facts.byLine
                    .computeIfAbsent(text.line(i).map(LineInfo::line).orElse(-1), n -> new ArrayList<>())
                    .add(i);
        }
        for (int i = 0; i < states.order().size(); i++) {
            BasicBlock block = states.graph().block(states.order().block(i));
            if (!states.before(block.id()).isEmpty()) {
                facts.block(block, repetition.of(block.id()));
            }
        }
        for (LoopBound loop : result.loops()) {
            facts.line(Explainer.loopTest(text, states, loop.header(), loop.index()))
                    .loops
                    .add(repetition.iterations(loop));
        }
        return facts.gathered();
    }

    private List<LineFacts> gathered() {
        List<LineFacts> gathered = new ArrayList<>();
        lines.forEach((number, line) -> {
            List<Execution> executions = new ArrayList<>();
            line.executions.forEach((times, count) -> executions.add(new Execution(count, times)));
            List<String> facts = new ArrayList<>();
            line.defined.forEach((subject, value) -> {
                if (!(value instanceof Numeric n && n.scalar().equals(Scalar.ANY))) {
                    facts.add(fact(subject, value));
                }
            });
            line.narrowed.forEach((subject, value) -> facts.add(subject + ": " + ValueText.of(value)));
            gathered.add(new LineFacts(
                    number, executions, line.loops.stream().distinct().toList(), facts));
        });
        return gathered;
    }

    private static String fact(String subject, Value value) {
        boolean entry = subject.startsWith(ValueNames.ENTRY) && value instanceof Value.Pointer;
        if (entry && value instanceof Value.Pointer p) {
            return subject + (p.maybeNull() ? " may be null" : " is there");
        }
        return subject + ": " + ValueText.of(value);
    }

    private Line line(int index) {
        int number = text.line(index).map(l -> l.line()).orElse(text.program().pcOf(index));
        return lines.computeIfAbsent(number, n -> new Line());
    }

    private void block(BasicBlock block, long times) {
        for (int k = block.first(); k <= block.last(); k++) {
            line(k).executions.merge(times, 1, Integer::sum);
        }
        AbstractPath chain = chain(block);
        ValueNames names = new ValueNames(text, chain);
        for (EbpfState before : states.before(block.id())) {
            EbpfState state = before;
            for (int k = block.first(); k <= block.last(); k++) {
                Instruction instruction = text.program().get(k);
                EbpfState after = states.after(state, k);
                int position = chain.size() - 1 - (block.last() - k);
                defined(k, instruction, state, after, names);
                if (instruction instanceof Instruction.CondJump jump && position == chain.size() - 1) {
                    narrowed(block, k, jump, after, names, position);
                }
                state = after;
            }
        }
    }

    /** The straight way to the end of a block: the blocks before it as long as there is one way only. */
    private AbstractPath chain(BasicBlock block) {
        List<Integer> edges = new ArrayList<>();
        int at = block.id();
        while (at != 0 && states.graph().inDegree(at) == 1 && edges.size() < 16) {
            edges.addFirst(states.graph().inEdge(at, 0));
            at = states.graph().edgeSource(edges.getFirst());
        }
        return AbstractPath.from(states, at, edges, block.last());
    }

    private void defined(int index, Instruction instruction, EbpfState before, EbpfState after, ValueNames names) {
        Line line = line(index);
        String subject = switch (instruction) {
            case Instruction.Load load -> names.memory(before, load.base(), load.offset(), load.width());
            case Instruction.CallHelper(int id) when !isStatus(id) -> names.result(id, before);
            default -> null;
        };
        Register register = Definition.written(instruction);
        if (register == null) {
            return;
        }
        Value value = after.get(register);
        if (text.language() == ProgramText.Language.ASSEMBLY) {
            join(line.defined, register.toString(), value);
            return;
        }
        String variable = variable(index, register);
        if (variable != null) {
            join(line.defined, variable, value);
            return;
        } else if (subject != null && !isWholeWidth(instruction, value)) {
            join(line.defined, subject, value);
        }
    }

    private static final Pattern ASSIGNMENT = Pattern.compile(
            "^\\s*(?:(?:let|var)\\s+(\\w+)\\b[^=;]*=|(\\w+)\\s*(?:[-+*/%&|^]|<<|>>)?\\|?=(?!=))[^;]*;\\s*(?://.*)?$");

    /**
     * The variable that a line of the policy language gives its value by this instruction: the last one of a line that is one
     * assignment writes the register that holds it. Objects carry no names of variables.
     */
    private @Nullable String variable(int index, Register register) {
        LineInfo info = text.line(index).orElse(null);
        if (text.language() != ProgramText.Language.POLICY || info == null) {
            return null;
        }
        Matcher assignment = ASSIGNMENT.matcher(text.text(info.line()));
        if (!assignment.find()) {
            return null;
        }
        return assigns(byLine.getOrDefault(info.line(), List.of()), index, register)
                ? assignment.group(1) != null ? assignment.group(1) : assignment.group(2)
                : null;
    }

    /** Whether an instruction is one of the last of a line, which write the same register and none else. */
    private boolean assigns(List<Integer> indexes, int index, Register register) {
        for (int i : indexes.reversed()) {
            Register written = Definition.written(text.program().get(i));
            if (written != null && written != register) {
                return false;
            }
            if (i == index) {
                return true;
            }
        }
        return false;
    }

    /** Whether a load tells no more than its width does. */
    private static boolean isWholeWidth(Instruction instruction, Value value) {
        return instruction instanceof Instruction.Load load
                && value instanceof Numeric n
                && n.scalar().equals(Scalar.ofBits(load.width().bits()));
    }

    /** Whether a helper tells success or an error and nothing else. */
    private static boolean isStatus(int id) {
        return Helper.byId(id)
                .filter(h -> h.returnKind() == ReturnKind.SCALAR && h.returnMin() <= 0 && h.returnMax() == 0)
                .isPresent();
    }

    /** What a branch tells about the value that it tests, each way. */
    private void narrowed(
            BasicBlock block, int index, Instruction.CondJump jump, EbpfState state, ValueNames names, int position) {
        Value was = state.get(jump.left());
        if (!(was instanceof Numeric number) || number.scalar().isConstant()) {
            return;
        }
        for (int way = 1; way >= 0; way--) {
            EbpfState after = states.along(state, 2 * block.id() + way);
            Value is = after == null ? null : after.get(jump.left());
            if (is instanceof Numeric n && !n.scalar().equals(number.scalar()) && isTelling(jump.op(), n.scalar())) {
                String name = names.operand(jump.left(), position);
                String reason =
                        BranchReasons.comparison(name, jump.op(), names.operand(jump.right(), position), way == 1);
                join(line(index).narrowed, "where " + reason, is);
            }
        }
    }

    /** Whether the range is worth showing: not just what the test says, and not nearly everything. */
    private static boolean isTelling(JumpOp op, Scalar range) {
        boolean equality = op == JumpOp.EQ || op == JumpOp.NE || op == JumpOp.SET;
        long least = range.wide().umin();
        long greatest = range.wide().umax();
        return !equality && (Long.compareUnsigned(least, 1) > 0 || Long.compareUnsigned(greatest, -2) < 0);
    }

    private static void join(Map<String, Value> facts, String subject, Value value) {
        facts.merge(subject, value, ProgramFacts::join);
    }

    private static Value join(Value a, Value b) {
        if (a instanceof Numeric m && b instanceof Numeric n) {
            return new Numeric(m.scalar().join(n.scalar()), 0, 0);
        }
        return ValueText.of(a).equals(ValueText.of(b)) ? a : joinKinds(a, b);
    }

    private static Value joinKinds(Value a, @Nullable Value b) {
        // A pointer that may be null, decided on each way, is what it was before.
        Value pointer = a instanceof Value.Pointer ? a : b;
        boolean withNull = pointer instanceof Value.Pointer && (isZero(a) || isZero(b));
        return withNull && pointer instanceof Value.Pointer p
                ? new Value.Pointer(p.region(), p.offset(), true, 0, 0, 0)
                : new Value.Mixed();
    }

    private static boolean isZero(@Nullable Value value) {
        return value instanceof Numeric n && n.scalar().isZero();
    }
}
