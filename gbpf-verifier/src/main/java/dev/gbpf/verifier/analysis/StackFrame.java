package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The contents of one stack frame. Immutable; a write makes a new one. Byte positions count from the frame's bottom, 0 to
 * 511: the byte at offset {@code o} of the frame pointer is at {@code o + 512}.
 */
final class StackFrame {
    static final int SLOTS = Region.Stack.SIZE / StackSlot.BYTES;

    static final StackFrame EMPTY = new StackFrame(emptySlots());

    private final StackSlot[] slots;

    private StackFrame(StackSlot[] slots) {
        this.slots = slots;
    }

    private static StackSlot[] emptySlots() {
        StackSlot[] slots = new StackSlot[SLOTS];
        Arrays.fill(slots, StackSlot.EMPTY);
        return slots;
    }

    StackSlot slot(int number) {
        return slots[number];
    }

    /** Whether {@code size} bytes from {@code position} on are written numbers. */
    boolean isReadable(int position, int size) {
        for (int at = position; at < position + size; at++) {
            if (!slots[at / 8].isReadable(at % 8, 1)) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code size} bytes from {@code position} on touch a stored pointer. */
    boolean touchesPointer(int position, int size) {
        for (int slot = position / 8; slot <= (position + size - 1) / 8; slot++) {
            if (slots[slot].holdsPointer()) {
                return true;
            }
        }
        return false;
    }

    /** What a zero-extending load gives. */
    Value read(int position, int width) {
        int at = position % 8;
        if (at + width <= StackSlot.BYTES) {
            return slots[position / 8].read(at, width);
        }
        return isReadable(position, width) ? Numeric.of(Scalar.ofBits(8 * width)) : Value.Uninitialised.INSTANCE;
    }

    StackFrame write(int position, int width, Value value) {
        int at = position % 8;
        if (at + width <= StackSlot.BYTES) {
            Value stored = value instanceof Numeric n ? truncated(n, width) : value;
            return with(position / 8, slots[position / 8].write(at, width, stored));
        }
        StackSlot[] changed = slots.clone();
        int first = StackSlot.BYTES - at;
        int slot = position / 8;
        changed[slot] = slots[slot].writeUnknown(at, first);
        changed[slot + 1] = slots[slot + 1].writeUnknown(0, width - first);
        return new StackFrame(changed);
    }

    /** The number that a load of the same width gives back: equal to the stored one, identity included, only if it fits. */
    private static Numeric truncated(Numeric number, int width) {
        return number.scalar().fitsBits(8 * width)
                ? number
                : Numeric.of(ScalarArithmetic.truncate(number.scalar(), 8 * width));
    }

    /** The frame after a store of number bytes somewhere in {@code size} bytes from {@code position} on. */
    StackFrame mayWrite(int position, int size) {
        StackSlot[] changed = slots.clone();
        int at = position;
        int end = position + size;
        while (at < end) {
            int slot = at / 8;
            int stop = Math.min(end, (slot + 1) * 8);
            changed[slot] = changed[slot].mayWrite(at % 8, stop - at);
            at = stop;
        }
        return new StackFrame(changed);
    }

    StackFrame with(int slot, StackSlot content) {
        StackSlot[] changed = slots.clone();
        changed[slot] = content;
        return new StackFrame(changed);
    }

    /** The frame with {@code change} applied to every stored value; the same frame when nothing changes. */
    StackFrame map(UnaryOperator<Value> change) {
        StackFrame result = this;
        for (int i = 0; i < SLOTS; i++) {
            for (StackSlot.Cell cell : slots[i].cells()) {
                Value value = change.apply(cell.value());
                if (!Values.same(value, cell.value())) {
                    result = result.with(i, changed(result.slots[i], cell, value));
                }
            }
        }
        return result;
    }

    private static StackSlot changed(StackSlot slot, StackSlot.Cell cell, Value value) {
        return value instanceof Value.Uninitialised
                ? slot.write(cell.at(), cell.width(), value)
                : slot.replace(cell.at(), value);
    }

    boolean includes(StackFrame smaller, Identities identities) {
        if (this == EMPTY) {
            return true;
        }
        for (int i = 0; i < SLOTS; i++) {
            if (!slots[i].includes(smaller.slots[i], identities)) {
                return false;
            }
        }
        return true;
    }

    StackFrame join(StackFrame other, Identities identities, @Nullable Thresholds thresholds) {
        if (this == EMPTY || other == EMPTY) {
            return EMPTY;
        }
        StackSlot[] joined = new StackSlot[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            joined[i] = slots[i].join(other.slots[i], identities, thresholds);
        }
        return new StackFrame(joined);
    }

    /** The frame with every stored value given up that is not as it was in {@code previous}. */
    StackFrame forgetting(StackFrame previous) {
        StackSlot[] kept = new StackSlot[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            kept[i] = slots[i].forgetting(previous.slots[i]);
        }
        return new StackFrame(kept);
    }
}
