package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The contents of one stack frame. Immutable; a write makes a new one. Byte positions count from the frame's bottom, 0 to
 * 511: the byte at offset {@code o} of the frame pointer is at {@code o + 512}. Only slots with contents are kept, as most
 * programs use few.
 */
final class StackFrame {
    static final int SLOTS = Region.Stack.SIZE / StackSlot.BYTES;

    private static final int BYTES = 72;
    private static final int BYTES_PER_SLOT = 5;

    static final StackFrame EMPTY = new StackFrame(new byte[0], new StackSlot[0], 0);

    /** Numbers of the slots that are not empty, ascending; the first {@code size} count. */
    private final byte[] numbers;

    private final StackSlot[] slots;
    private final int size;

    private StackFrame(byte[] numbers, StackSlot[] slots, int size) {
        this.numbers = numbers;
        this.slots = slots;
        this.size = size;
    }

    /** Where the slot is kept, or the complement of where it would be. */
    private int find(int number) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (numbers[middle] < number) {
                low = middle + 1;
            } else if (numbers[middle] > number) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return ~low;
    }

    StackSlot slot(int number) {
        int at = find(number);
        return at < 0 ? StackSlot.EMPTY : slots[at];
    }

    StackFrame with(int number, StackSlot content) {
        int at = find(number);
        if (at >= 0) {
            if (content.isEmpty()) {
                return without(at);
            }
            StackSlot[] changed = slots.clone();
            changed[at] = content;
            return new StackFrame(numbers, changed, size);
        }
        if (content.isEmpty()) {
            return this;
        }
        byte[] newNumbers = new byte[size + 1];
        StackSlot[] newSlots = new StackSlot[size + 1];
        System.arraycopy(numbers, 0, newNumbers, 0, ~at);
        System.arraycopy(slots, 0, newSlots, 0, ~at);
        newNumbers[~at] = (byte) number;
        newSlots[~at] = content;
        System.arraycopy(numbers, ~at, newNumbers, ~at + 1, size - ~at);
        System.arraycopy(slots, ~at, newSlots, ~at + 1, size - ~at);
        return new StackFrame(newNumbers, newSlots, size + 1);
    }

    private StackFrame without(int at) {
        byte[] newNumbers = new byte[size - 1];
        StackSlot[] newSlots = new StackSlot[size - 1];
        System.arraycopy(numbers, 0, newNumbers, 0, at);
        System.arraycopy(slots, 0, newSlots, 0, at);
        System.arraycopy(numbers, at + 1, newNumbers, at, size - 1 - at);
        System.arraycopy(slots, at + 1, newSlots, at, size - 1 - at);
        return new StackFrame(newNumbers, newSlots, size - 1);
    }

    /** The frame with nothing in slots other than those of a set, in which bits stand for their numbers. */
    StackFrame retain(long live) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            kept += (int) (live >>> numbers[i] & 1);
        }
        if (kept == size) {
            return this;
        }
        byte[] newNumbers = new byte[kept];
        StackSlot[] newSlots = new StackSlot[kept];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if ((live >>> numbers[i] & 1) != 0) {
                newNumbers[count] = numbers[i];
                newSlots[count++] = slots[i];
            }
        }
        return new StackFrame(newNumbers, newSlots, kept);
    }

    /** The memory of the frame besides what it shares with another, about. */
    int bytesBeside(StackFrame other) {
        if (this == other) {
            return 0;
        }
        int bytes = BYTES + BYTES_PER_SLOT * slots.length;
        int at = 0;
        for (int i = 0; i < size; i++) {
            while (at < other.size && other.numbers[at] < numbers[i]) {
                at++;
            }
            boolean shared = at < other.size && other.numbers[at] == numbers[i] && other.slots[at] == slots[i];
            bytes += shared ? 0 : slots[i].bytes();
        }
        return bytes;
    }

    /** Whether {@code size} bytes from {@code position} on are written numbers. */
    boolean isReadable(int position, int size) {
        for (int at = position; at < position + size; at++) {
            if (!slot(at / 8).isReadable(at % 8, 1)) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code size} bytes from {@code position} on touch a stored pointer. */
    boolean touchesPointer(int position, int size) {
        for (int slot = position / 8; slot <= (position + size - 1) / 8; slot++) {
            if (slot(slot).holdsPointer()) {
                return true;
            }
        }
        return false;
    }

    /** What a zero-extending load gives. */
    Value read(int position, int width) {
        int at = position % 8;
        if (at + width <= StackSlot.BYTES) {
            return slot(position / 8).read(at, width);
        }
        return isReadable(position, width) ? Numeric.of(Scalar.ofBits(8 * width)) : Value.Uninitialised.INSTANCE;
    }

    StackFrame write(int position, int width, Value value) {
        int at = position % 8;
        if (at + width <= StackSlot.BYTES) {
            Value stored = value instanceof Numeric n ? truncated(n, width) : value;
            return with(position / 8, slot(position / 8).write(at, width, stored));
        }
        int first = StackSlot.BYTES - at;
        int slot = position / 8;
        return with(slot, slot(slot).writeUnknown(at, first))
                .with(slot + 1, slot(slot + 1).writeUnknown(0, width - first));
    }

    /** The frame after any number was written to {@code length} bytes of one slot. */
    StackFrame writeUnknown(int position, int length) {
        int slot = position / StackSlot.BYTES;
        return with(slot, slot(slot).writeUnknown(position % StackSlot.BYTES, length));
    }

    /** The number that a load of the same width gives back: equal to the stored one, identity included, only if it fits. */
    private static Numeric truncated(Numeric number, int width) {
        return number.scalar().fitsBits(8 * width)
                ? number
                : Numeric.of(ScalarArithmetic.truncate(number.scalar(), 8 * width));
    }

    /** The frame after a store of number bytes somewhere in {@code length} bytes from {@code position} on. */
    StackFrame mayWrite(int position, int length) {
        StackFrame result = this;
        int end = position + length;
        for (int i = 0; i < size; i++) {
            int from = Math.max(position, 8 * numbers[i]);
            int to = Math.min(end, 8 * numbers[i] + 8);
            if (from < to) {
                result = result.with(numbers[i], slots[i].mayWrite(from % 8, to - from));
            }
        }
        return result;
    }

    /** The frame with {@code change} applied to every stored value; the same frame when nothing changes. */
    StackFrame map(UnaryOperator<Value> change) {
        StackFrame result = this;
        for (int i = 0; i < size; i++) {
            StackSlot changed = slots[i].map(change);
            if (changed != slots[i]) {
                result = result.with(numbers[i], changed);
            }
        }
        return result;
    }

    /** Whether a stored value has a symbol. */
    boolean hasSymbol(int symbol) {
        for (int i = 0; i < size; i++) {
            if (slots[i].hasSymbol(symbol)) {
                return true;
            }
        }
        return false;
    }

    boolean includes(StackFrame smaller, RelationInclusion relations) {
        if (this == smaller && relations.skipsShared()) {
            return true;
        }
        int other = 0;
        for (int i = 0; i < size; i++) {
            while (other < smaller.size && smaller.numbers[other] < numbers[i]) {
                other++;
            }
            boolean both = other < smaller.size && smaller.numbers[other] == numbers[i];
            if (!both || !slots[i].includes(smaller.slots[other], relations)) {
                return false;
            }
        }
        return true;
    }

    StackFrame join(StackFrame other, RelationJoin relations, @Nullable Widening widening) {
        if (this == other) {
            return this;
        }
        int most = Math.min(size, other.size);
        byte[] newNumbers = new byte[most];
        StackSlot[] newSlots = new StackSlot[most];
        int count = 0;
        boolean same = true;
        int at = 0;
        for (int i = 0; i < size; i++) {
            while (at < other.size && other.numbers[at] < numbers[i]) {
                at++;
            }
            if (at < other.size && other.numbers[at] == numbers[i]) {
                boolean shared = slots[i] == other.slots[at];
                Thresholds thresholds = widening == null || shared ? null : widening.slot(numbers[i]);
                StackSlot joined = shared ? slots[i] : slots[i].join(other.slots[at], relations, thresholds);
                if (!joined.isEmpty()) {
                    same &= joined == slots[i];
                    newNumbers[count] = numbers[i];
                    newSlots[count++] = joined;
                }
            }
        }
        return same && count == size ? this : new StackFrame(newNumbers, newSlots, count);
    }

    /** How much a join of the two frames would lose: see {@link EbpfState#distance}. */
    int distance(StackFrame other) {
        int distance = 0;
        for (int i = 0; i < size; i++) {
            distance += slots[i].distance(other.slot(numbers[i]));
        }
        for (int i = 0; i < other.size; i++) {
            distance += find(other.numbers[i]) < 0 ? 1 : 0;
        }
        return distance;
    }

    /** The frame with every stored value given up that is not as it was in {@code previous}. */
    StackFrame forgetting(StackFrame previous) {
        StackFrame result = this;
        for (int i = 0; i < size; i++) {
            result = result.with(numbers[i], slots[i].forgetting(previous.slot(numbers[i])));
        }
        return result;
    }
}
