package dev.gbpf.verifier.precision;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.domain.Scalar;
import org.jspecify.annotations.Nullable;

/** Follows a value of which Linux knows less than gBPF back along Linux's way, to what tells gBPF more. */
final class ValueTrail {
    private final LinuxWay way;

    ValueTrail(LinuxWay way) {
        this.way = way;
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
    @Nullable
    String knownBetter(int last) {
        Place place = faulty(way.instruction(last));
        return place == null ? null : knownBetter(last, place);
    }

    private @Nullable String knownBetter(int end, Place start) {
        String plain = null;
        Place place = start;
        for (int i = end - 1; i >= 0 && place != null; i--) {
            if (way.instruction(i) instanceof Instruction.CondJump jump) {
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
            if (way.instruction(i) instanceof Instruction.Alu alu
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
        int edge = way.edge(position, jump);
        for (LinuxWay.At at : way.at(position)) {
            Value was = value(at.state(), place);
            EbpfState after = way.states().along(at.state(), 2 * at.block() + edge);
            Value is = after == null ? null : value(after, place);
            boolean isOperand = place instanceof InRegister(Register r) && (r == jump.left() || r == jump.right());
            if (was != null
                    && (after == null ? isOperand : is != null && !is.toString().equals(was.toString()))) {
                return LinuxWay.kind(jump, at.state(), isOperand);
            }
        }
        return null;
    }

    /** An operation that gives the place a value of which Linux knows less. */
    private @Nullable String made(int position, Place place) {
        return switch (way.instruction(position)) {
            case Instruction.Alu i
            when place instanceof InRegister(Register r) && r == i.dst() && i.src() instanceof Register ->
                switch (i.op()) {
                    case ADD, SUB -> null;
                    default -> "arithmetic: " + i.op();
                };
            case Instruction.Alu i
            when place instanceof InRegister(Register r)
                    && r == i.dst()
                    && i.op() != AluOp.ADD
                    && i.op() != AluOp.SUB -> "arithmetic: " + i.op();
            case Instruction.CallHelper i
            when place instanceof InRegister(Register r) && r == Register.R0 ->
                way.at(position + 1).stream().anyMatch(at -> at.state().get(r) instanceof Pointer p && !p.maybeNull())
                        ? "an element of an array is always there"
                        : "the result of a helper";
            case Instruction.Load i
            when place instanceof InRegister(Register r)
                    && r == i.dst()
                    && way.at(position + 1).stream().anyMatch(at -> isPartOfStored(at.state(), r, i)) ->
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
                && !n.scalar()
                        .includes(
                                load.signExtend()
                                        ? Scalar.signed(-1L << (bits - 1), ~(-1L << (bits - 1)))
                                        : Scalar.ofBits(bits));
    }

    /** Where the place has its value from, if the instruction gives it one; null where that is the origin. */
    private @Nullable Place source(int position, Place place) {
        Instruction instruction = way.instruction(position);
        if (place instanceof OnStack stack) {
            return instruction instanceof Instruction.Store i && reaches(position, i.base(), i.offset(), stack)
                    ? i.src() instanceof Register r ? new InRegister(r) : null
                    : place;
        }
        Register register = ((InRegister) place).register;
        return switch (instruction) {
            case Instruction.Mov i when i.dst() == register -> i.src() instanceof Register r ? new InRegister(r) : null;
            case Instruction.Load i
            when i.dst() == register ->
                stack(position, i.base(), i.offset(), i.width().bytes());
            case Instruction.Alu i
            when i.dst() == register -> {
                boolean moves = i.src() instanceof Register r
                        && way.at(position).stream()
                                .anyMatch(at -> at.state().get(register) instanceof Pointer p
                                        && p.offset().isConstant()
                                        && at.state().get(r) instanceof Numeric);
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
        for (LinuxWay.At at : way.at(position)) {
            if (at.state().get(base) instanceof Pointer p
                    && p.region() instanceof Region.Stack(int frame)
                    && p.offset().isConstant()) {
                return new OnStack(frame, (int) p.offset().wide().smin() + offset, width);
            }
        }
        return null;
    }
}
