package dev.gbpf.verifier.precision;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why Linux refuses a program that gBPF accepts. Linux's message says what it asks for, and each answer is confirmed by what gBPF knows:
 * that the access is not aligned, that the arithmetic leaves the object before a test, or, where Linux knows less of a value, which
 * branch or operation on Linux's own way to the instruction tells gBPF more.
 */
final class LaxerReason {
    /** What Linux lets an offset be, at most. */
    private static final long LINUX_OFFSETS = 1L << 29;

    private record At(int block, EbpfState state) {}

    private final Program program;
    private final AnalysisStates states;
    private final List<Integer> way;
    private final Map<Integer, List<At>> before = new HashMap<>();

    /**
     * A question.
     *
     * @param way pcs of the instructions that Linux went through, up to the one that it refuses
     */
    LaxerReason(Program program, AnalysisStates states, List<Integer> way) {
        this.program = program;
        this.states = states;
        this.way = way.stream().map(program::indexOf).toList();
        for (BasicBlock block : states.graph().blocks()) {
            for (EbpfState known : states.before(block.id())) {
                EbpfState state = known;
                for (int i = block.first(); i <= block.last(); i++) {
                    before.computeIfAbsent(i, k -> new ArrayList<>()).add(new At(block.id(), state));
                    state = i == block.last() ? state : states.after(state, i);
                }
            }
        }
    }

    private List<At> at(int position) {
        return before.getOrDefault(way.get(position), List.of());
    }

    private Instruction instruction(int position) {
        return program.get(way.get(position));
    }

    /** The reason in words, or null when none is confirmed. */
    @Nullable
    String of(String message) {
        int last = way.size() - 1;
        if (at(last).isEmpty()) {
            return untaken();
        }
        if (message.startsWith("misaligned stack access") && isUnaligned(last)) {
            return "a stack access at an unaligned offset";
        }
        if (message.equals("div by zero")) {
            return isDivisionByZero(instruction(last)) ? "division by the constant 0, which RFC 9669 defines" : null;
        }
        if (message.startsWith("BPF program is too large") || message.contains("jumps is too complex")) {
            return "more iterations or ways than Linux goes through one by one";
        }
        boolean isArithmetic = message.contains("math between map_value pointer")
                || message.contains("makes map_value pointer be out of bounds")
                || message.contains("map_value pointer offset");
        if (isArithmetic && leavesObject(last)) {
            return "an address leaves the map value before a test bounds it";
        }
        String better = knownBetter(last);
        String never = better != null ? better : notTaken(last);
        return never != null ? never : impossibleWay();
    }

    private boolean isUnaligned(int position) {
        return switch (instruction(position)) {
            case Instruction.Load i -> isUnaligned(position, i.base(), i.offset(), i.width().bytes());
            case Instruction.Store i -> isUnaligned(position, i.base(), i.offset(), i.width().bytes());
            case Instruction.Atomic i -> isUnaligned(position, i.base(), i.offset(), i.is64() ? 8 : 4);
            default -> false;
        };
    }

    private boolean isUnaligned(int position, Register base, int offset, int width) {
        return at(position).stream().anyMatch(at -> {
            if (!(at.state.get(base) instanceof Pointer p) || !(p.region() instanceof Region.Stack)) {
                return false;
            }
            Word word = p.offset().wide();
            return word.isConstant()
                    ? (word.smin() + offset) % width != 0
                    : ((word.ones() | word.unknown() | offset) & (width - 1)) != 0;
        });
    }

    private static boolean isDivisionByZero(Instruction instruction) {
        return instruction instanceof Instruction.Alu i
                && i.src() instanceof Immediate zero
                && zero.value() == 0
                && switch (i.op()) {
                    case DIV, MOD, SDIV, SMOD -> true;
                    default -> false;
                };
    }

    /** Whether a sum of an address and a number may be outside of what is pointed into, or of what Linux computes with. */
    private boolean leavesObject(int position) {
        return instruction(position) instanceof Instruction.Alu i
                && at(position).stream().anyMatch(at -> {
                    EbpfState after = states.after(at.state, way.get(position));
                    if (!(after.get(i.dst()) instanceof Pointer p) || !(p.region() instanceof Region.MapValue value)) {
                        return false;
                    }
                    Word offset = p.offset().wide();
                    Word number = operand(at.state, i.src()) instanceof Numeric n ? n.scalar().wide() : offset;
                    return offset.smin() < 0
                            || offset.smax() >= value.size()
                            || number.smin() < -LINUX_OFFSETS
                            || number.smax() > LINUX_OFFSETS;
                });
    }

    private static @Nullable Value operand(EbpfState state, Operand operand) {
        return operand instanceof Register r ? state.get(r) : null;
    }

    /** The instruction is not reached: the branch on Linux's way that is never taken so. */
    private @Nullable String untaken() {
        int position = way.size() - 2;
        while (position >= 0 && at(position).isEmpty()) {
            position--;
        }
        return position < 0 ? null : notTaken(position + 1);
    }

    /** The last branch on Linux's way that is never taken as it is there. */
    private @Nullable String notTaken(int end) {
        for (int i = end - 1; i >= 0; i--) {
            if (instruction(i) instanceof Instruction.CondJump jump && !at(i).isEmpty()) {
                int edge = edge(i, jump);
                if (at(i).stream().noneMatch(at -> states.isTaken(2 * at.block + edge))) {
                    return "a branch is never taken: " + kind(jump, at(i).getFirst().state, true);
                }
            }
        }
        return null;
    }

    /** The branch of Linux's way that what is known of this way alone excludes. */
    private @Nullable String impossibleWay() {
        List<At> known = at(0);
        for (int i = 0; i + 1 < way.size() && !known.isEmpty(); i++) {
            List<At> next = new ArrayList<>();
            for (At at : known) {
                At after = step(at, way.get(i), way.get(i + 1));
                if (after != null) {
                    next.add(after);
                }
            }
            if (next.isEmpty() && instruction(i) instanceof Instruction.CondJump jump) {
                return "a branch is not taken on this way: "
                        + kind(jump, known.getFirst().state, true);
            }
            known = next;
        }
        return null;
    }

    private @Nullable At step(At at, int index, int next) {
        if (index < states.graph().block(at.block).last()) {
            return new At(at.block, states.after(at.state, index));
        }
        for (int edge = 2 * at.block; edge <= 2 * at.block + 1; edge++) {
            int target = states.graph().edgeTarget(edge);
            if (target >= 0 && states.graph().block(target).first() == next) {
                EbpfState along = states.along(at.state, edge);
                return along == null ? null : new At(target, along);
            }
        }
        return null;
    }

    /** 1 for the way of a jump that is taken on Linux's way, 0 for the other. */
    private int edge(int position, Instruction.CondJump jump) {
        int target = program.targetIndex(way.get(position), jump.offset());
        return way.get(position + 1) == target ? 1 : 0;
    }

    private static String kind(Instruction.CondJump jump, EbpfState state, boolean isOperand) {
        Value left = state.get(jump.left());
        Value right = operand(state, jump.right());
        if (left instanceof Pointer && right instanceof Pointer) {
            return "two pointers are compared";
        }
        if (left instanceof Pointer || right instanceof Pointer) {
            return isOperand ? "a pointer is compared with null" : "a copy of a pointer is compared with null";
        }
        if (!isOperand) {
            return "a number that it is related to is compared";
        }
        boolean isConstant = right == null || (right instanceof Numeric n && n.scalar().isConstant());
        String numbers = isConstant ? "a number with a constant" : "two numbers";
        return (jump.is64() ? "" : "32 bits of ") + numbers;
    }

    /** A place whose value is followed back. */
    private sealed interface Place {}

    private record InRegister(Register register) implements Place {}

    private record OnStack(int frame, int offset, int width) implements Place {}

    private static @Nullable Value value(EbpfState state, Place place) {
        return switch (place) {
            case InRegister(Register register) -> state.get(register);
            case OnStack(int frame, int offset, int width) ->
                frame <= state.depth() ? state.stack(frame, offset, width) : null;
        };
    }

    private static @Nullable Place faulty(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Load i -> new InRegister(i.base());
            case Instruction.Store i -> new InRegister(i.base());
            case Instruction.Atomic i -> new InRegister(i.base());
            case Instruction.Alu i when i.src() instanceof Register r -> new InRegister(r);
            case Instruction.Alu i -> new InRegister(i.dst());
            case Instruction.CallHelper i -> new InRegister(Register.R2);
            default -> null;
        };
    }

    /** Follows the value that Linux knows less of back along Linux's way: the last thing there that tells gBPF more. */
    private @Nullable String knownBetter(int last) {
        Place place = faulty(instruction(last));
        return place == null ? null : knownBetter(last, place);
    }

    private @Nullable String knownBetter(int end, Place start) {
        String plain = null;
        Place place = start;
        for (int i = end - 1; i >= 0 && place != null; i--) {
            if (instruction(i) instanceof Instruction.CondJump jump) {
                String found = narrowing(i, jump, place);
                if (found != null && !found.equals("a number with a constant")) {
                    return found;
                }
                plain = plain == null ? found : plain;
                continue;
            }
            String made = made(i, place);
            if (made != null) {
                return made;
            }
            if (instruction(i) instanceof Instruction.Alu alu
                    && place.equals(new InRegister(alu.dst()))
                    && alu.src() instanceof Register added
                    && added != alu.dst()) {
                String other = knownBetter(i, new InRegister(added));
                if (other != null) {
                    return other;
                }
            }
            place = source(i, place);
        }
        return plain == null ? null : "a range: " + plain;
    }

    private @Nullable String narrowing(int position, Instruction.CondJump jump, Place place) {
        int edge = edge(position, jump);
        for (At at : at(position)) {
            Value was = value(at.state, place);
            EbpfState after = states.along(at.state, 2 * at.block + edge);
            Value is = after == null ? null : value(after, place);
            boolean isOperand = place instanceof InRegister(Register r) && (r == jump.left() || r == jump.right());
            if (was != null && (after == null ? isOperand : is != null && !is.toString().equals(was.toString()))) {
                return kind(jump, at.state, isOperand);
            }
        }
        return null;
    }

    /** An operation that gives the place a value of which Linux knows less. */
    private @Nullable String made(int position, Place place) {
        return switch (instruction(position)) {
            case Instruction.Alu i
            when place instanceof InRegister(Register r) && r == i.dst() && i.src() instanceof Register ->
                switch (i.op()) {
                    case ADD, SUB -> null;
                    default -> "arithmetic: " + i.op();
                };
            case Instruction.Alu i
            when place instanceof InRegister(Register r) && r == i.dst() && i.op() != AluOp.ADD && i.op() != AluOp.SUB ->
                "arithmetic: " + i.op();
            case Instruction.CallHelper i
            when place instanceof InRegister(Register r) && r == Register.R0 ->
                at(position + 1).stream().anyMatch(at -> at.state.get(r) instanceof Pointer p && !p.maybeNull())
                        ? "an element of an array is always there"
                        : "the result of a helper";
            case Instruction.Load i
            when place instanceof InRegister(Register r)
                    && r == i.dst()
                    && at(position + 1).stream().anyMatch(at -> isPartOfStored(at.state, r, i)) ->
                "a part of a stored number is loaded";
            default -> null;
        };
    }

    /** Whether more is known of what was loaded than its width, though nothing of this width was stored. */
    private static boolean isPartOfStored(EbpfState after, Register register, Instruction.Load load) {
        int bits = load.width().bits();
        return bits < Long.SIZE
                && after.get(register) instanceof Numeric n
                && after.get(load.base()) instanceof Pointer p
                && p.region() instanceof Region.Stack
                && n.symbol() == 0
                && !n.scalar().includes(load.signExtend() ? Scalar.signed(-1L << (bits - 1), ~(-1L << (bits - 1))) : Scalar.ofBits(bits));
    }

    /** Where the place has its value from, if the instruction gives it one; null where that is the origin. */
    private @Nullable Place source(int position, Place place) {
        Instruction instruction = instruction(position);
        if (place instanceof OnStack stack) {
            return instruction instanceof Instruction.Store i && reaches(position, i.base(), i.offset(), stack)
                    ? i.src() instanceof Register r ? new InRegister(r) : null
                    : place;
        }
        Register register = ((InRegister) place).register;
        return switch (instruction) {
            case Instruction.Mov i when i.dst() == register -> i.src() instanceof Register r ? new InRegister(r) : null;
            case Instruction.Load i when i.dst() == register -> stack(position, i.base(), i.offset(), i.width().bytes());
            case Instruction.Alu i when i.dst() == register -> {
                boolean moves = i.src() instanceof Register r
                        && at(position).stream()
                                .anyMatch(at -> at.state.get(register) instanceof Pointer p
                                        && p.offset().isConstant()
                                        && at.state.get(r) instanceof Numeric);
                yield moves ? new InRegister((Register) i.src()) : place;
            }
            case Instruction.LoadImm64 i when i.dst() == register -> null;
            case Instruction.LoadPseudo i when i.dst() == register -> null;
            default -> place;
        };
    }

    private boolean reaches(int position, Register base, int offset, OnStack place) {
        Place stack = stack(position, base, offset, place.width);
        return place.equals(stack);
    }

    private @Nullable Place stack(int position, Register base, int offset, int width) {
        for (At at : at(position)) {
            if (at.state.get(base) instanceof Pointer p
                    && p.region() instanceof Region.Stack(int frame)
                    && p.offset().isConstant()) {
                return new OnStack(frame, (int) p.offset().wide().smin() + offset, width);
            }
        }
        return null;
    }
}
