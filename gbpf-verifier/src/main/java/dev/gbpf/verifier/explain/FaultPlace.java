package dev.gbpf.verifier.explain;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.explain.Place.InRegister;
import dev.gbpf.verifier.explain.Place.OnStack;
import org.jspecify.annotations.Nullable;

/** Which value a violation is about. */
final class FaultPlace {
    private FaultPlace() {}

    /** The place of the value at fault in the state before the instruction; null when it is about no single value. */
    static @Nullable Place of(Violation violation, Assertion assertion, AbstractPath path) {
        EbpfState state = path.last();
        int frame = state.depth();
        if (violation.code() == RejectionCode.STACK_UNINITIALISED) {
            return unwritten(assertion, path);
        }
        if (assertion instanceof Assertion.AllReleased || assertion instanceof Assertion.ReleasedBefore) {
            return null;
        }
        Register register = switch (assertion) {
            case Assertion.Initialised a -> a.register();
            case Assertion.IsNumber a -> a.register();
            case Assertion.ValidArithmetic a -> operand(violation.code(), state, a.dst(), a.src());
            case Assertion.NarrowDivision a ->
                state.get(a.dst()) instanceof Value.Numeric n
                                && n.scalar().fitsBits(Integer.SIZE)
                                && a.src() instanceof Register divisor
                        ? divisor
                        : a.dst();
            case Assertion.ValidComparison a -> operand(violation.code(), state, a.left(), a.right());
            case Assertion.ValidAccess a -> a.base();
            case Assertion.ValidStore a -> a.source();
            case Assertion.ValidArgument a -> a.register();
            case Assertion.ValidVerdict _,
                    Assertion.ValidReturn _,
                    Assertion.AllReleased _,
                    Assertion.ReleasedBefore _ -> Register.R0;
        };
        return new InRegister(register, frame);
    }

    /** Of two operands the one that the rule is about. */
    private static Register operand(RejectionCode code, EbpfState state, Register left, Operand right) {
        if (!(right instanceof Register other)) {
            return left;
        }
        boolean isRight = switch (code) {
            case UNINITIALISED_REGISTER -> !(state.get(left) instanceof Value.Uninitialised);
            case MIXED_VALUE -> !(state.get(left) instanceof Value.Mixed);
            case NULL_POINTER -> !(state.get(left) instanceof Pointer p && p.maybeNull());
            case POINTER_OFFSET -> state.get(left) instanceof Pointer;
            default -> !(state.get(left) instanceof Pointer);
        };
        return isRight ? other : left;
    }

    /** The first byte of the stack that is read and not written. */
    private static @Nullable Place unwritten(Assertion assertion, AbstractPath path) {
        Register base = switch (assertion) {
            case Assertion.ValidAccess a -> a.base();
            case Assertion.ValidArgument a -> a.register();
            default -> null;
        };
        EbpfState state = path.last();
        if (base == null || !(state.get(base) instanceof Pointer p) || !(p.region() instanceof Region.Stack stack)) {
            return null;
        }
        int offset = path.instruction(path.size() - 1) instanceof Instruction.Load load ? load.offset() : 0;
        for (long at = Math.max(p.offset().wide().smin() + offset, -Region.Stack.SIZE); at < 0; at++) {
            if (isUnwritten(state, stack.frame(), (int) at)) {
                return new OnStack(stack.frame(), (int) at, 1);
            }
        }
        return null;
    }

    /** Whether a byte of a frame has no value on some path. */
    static boolean isUnwritten(EbpfState state, int frame, int offset) {
        return state.stack(frame, offset, 1) instanceof Value.Uninitialised;
    }
}
