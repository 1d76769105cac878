package dev.gbpf.verifier.explain;

import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.domain.Word;
import org.jspecify.annotations.Nullable;

/** Where a value is: what the history follows. */
sealed interface Place {
    /** The frame that it belongs to, 0 for the program's own. */
    int frame();

    /** A register of an activation. */
    record InRegister(Register register, int frame) implements Place {
        @Override
        public String toString() {
            return register.toString();
        }
    }

    /**
     * Bytes of a stack frame.
     *
     * @param offset of the first, from the frame's top: -512 to -1
     * @param width how many: 1, 2, 4 or 8
     */
    record OnStack(int frame, int offset, int width) implements Place {
        @Override
        public String toString() {
            return "the stack at r10 - " + -offset;
        }

        boolean overlaps(int from, int bytes) {
            return offset < from + bytes && from < offset + width;
        }
    }

    /** What is known of it; null where it cannot be seen, as registers of a caller. */
    default @Nullable Value in(EbpfState state) {
        return switch (this) {
            case InRegister(Register register, int frame) -> frame == state.depth() ? state.get(register) : null;
            case OnStack(int frame, int offset, int width) ->
                frame <= state.depth() ? state.stack(frame, offset, width) : null;
        };
    }

    /** The place that an access through a base register reaches; null when it is not on the stack, or not one place. */
    static @Nullable OnStack reached(EbpfState state, Register base, int offset, int width) {
        if (state.get(base) instanceof Value.Pointer pointer && pointer.region() instanceof Region.Stack stack) {
            Word at = pointer.offset().wide();
            long first = at.smin() + offset;
            if (at.isConstant() && first >= -Region.Stack.SIZE && first + width <= 0) {
                return new OnStack(stack.frame(), (int) first, width);
            }
        }
        return null;
    }
}
