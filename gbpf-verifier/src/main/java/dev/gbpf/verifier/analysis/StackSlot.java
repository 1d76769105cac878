package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Eight aligned bytes of a stack frame.
 *
 * @param readable one bit per byte, set when it is written on every path and not part of a pointer
 * @param cells stored values that are still whole, disjoint; the bytes of numbers are readable, those of others are not
 */
record StackSlot(int readable, List<Cell> cells) {
    static final int BYTES = 8;
    static final StackSlot EMPTY = new StackSlot(0, List.of());

    /**
     * A stored value.
     *
     * @param at first byte within the slot
     * @param width in bytes; 8 for anything but a number
     * @param value as a load of this width gives it
     */
    record Cell(int at, int width, Value value) {
        boolean overlaps(int from, int size) {
            return at < from + size && from < at + width;
        }
    }

    StackSlot {
        cells = List.copyOf(cells);
    }

    private boolean isEmpty() {
        return readable == 0 && cells.isEmpty();
    }

    private static int bytes(int at, int width) {
        return ((1 << width) - 1) << at;
    }

    boolean isReadable(int at, int width) {
        int wanted = bytes(at, width);
        return (readable & wanted) == wanted;
    }

    /** Whether a whole pointer or map reference is stored here. */
    boolean holdsPointer() {
        return cells.size() == 1 && !(cells.getFirst().value instanceof Numeric);
    }

    /** The slot after a store of a value as wide as {@code width}. */
    StackSlot write(int at, int width, Value value) {
        List<Cell> kept = without(at, width);
        if (value instanceof Numeric) {
            kept.add(new Cell(at, width, value));
            return new StackSlot(readable | bytes(at, width), kept);
        }
        // A pointer takes the slot; anything else that is stored is a rejected program, and cannot be read again.
        boolean keeps = width == BYTES && !(value instanceof Uninitialised);
        return keeps
                ? new StackSlot(0, List.of(new Cell(0, BYTES, value)))
                : new StackSlot(readable & ~bytes(at, width), kept);
    }

    /** The slot after a store of unknown number bytes. */
    StackSlot writeUnknown(int at, int width) {
        return new StackSlot(readable | bytes(at, width), without(at, width));
    }

    /** The slot after a store of number bytes that may or may not have hit these: nothing becomes readable. */
    StackSlot mayWrite(int at, int width) {
        return new StackSlot(readable, without(at, width));
    }

    private List<Cell> without(int at, int width) {
        List<Cell> kept = new ArrayList<>(cells.size() + 1);
        for (Cell cell : cells) {
            if (!cell.overlaps(at, width)) {
                kept.add(cell);
            }
        }
        return kept;
    }

    /** What a zero-extending load gives. */
    Value read(int at, int width) {
        for (Cell cell : cells) {
            if (cell.at == at && cell.width == width) {
                return cell.value;
            }
            if (cell.value instanceof Numeric n && cell.at <= at && at + width <= cell.at + cell.width) {
                Scalar shift = Scalar.constant(8L * (at - cell.at));
                Scalar moved = ScalarArithmetic.wide(BinaryOperation.SHIFT_RIGHT, n.scalar(), shift);
                return Numeric.of(ScalarArithmetic.truncate(moved, 8 * width));
            }
        }
        return isReadable(at, width) ? Numeric.of(Scalar.ofBits(8 * width)) : Uninitialised.INSTANCE;
    }

    /** The slot with the value of a cell that begins at {@code at} replaced by one that is the same or better known. */
    StackSlot replace(int at, Value value) {
        List<Cell> replaced = new ArrayList<>(cells.size());
        for (Cell cell : cells) {
            replaced.add(cell.at == at ? new Cell(at, cell.width, value) : cell);
        }
        boolean number = value instanceof Numeric;
        return new StackSlot(number ? readable | coveredBy(replaced, at) : readable, replaced);
    }

    private static int coveredBy(List<Cell> cells, int at) {
        for (Cell cell : cells) {
            if (cell.at == at) {
                return bytes(at, cell.width);
            }
        }
        return 0;
    }

    boolean includes(StackSlot smaller, Identities identities) {
        if (isEmpty()) {
            return true;
        }
        if ((readable & ~smaller.readable) != 0) {
            return false;
        }
        for (Cell cell : cells) {
            Cell other = smaller.cell(cell.at, cell.width);
            if (other == null || !Values.includes(cell.value, other.value, identities)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Cell cell(int at, int width) {
        for (Cell cell : cells) {
            if (cell.at == at && cell.width == width) {
                return cell;
            }
        }
        return null;
    }

    StackSlot join(StackSlot other, Identities identities, @Nullable Thresholds thresholds) {
        if (isEmpty() || other.isEmpty()) {
            return EMPTY;
        }
        int both = readable & other.readable;
        List<Cell> joined = new ArrayList<>(cells.size());
        boolean same = both == readable;
        for (Cell cell : cells) {
            Cell match = other.cell(cell.at, cell.width);
            Value value = match == null
                    ? Uninitialised.INSTANCE
                    : Values.join(cell.value, match.value, identities, thresholds);
            if (value instanceof Numeric || value instanceof Pointer || value instanceof Value.MapReference) {
                boolean kept = Values.same(value, cell.value);
                joined.add(kept ? cell : new Cell(cell.at, cell.width, value));
                same &= kept;
            } else {
                same = false;
            }
        }
        if (same) {
            return this;
        }
        return both == 0 && joined.isEmpty() ? EMPTY : new StackSlot(both, joined);
    }

    /** The slot with every number given up that is not as it was in {@code previous}. */
    StackSlot forgetting(StackSlot previous) {
        StackSlot kept = this;
        for (Cell cell : cells) {
            Cell before = previous.cell(cell.at, cell.width);
            Value value = Values.forget(before == null ? Uninitialised.INSTANCE : before.value, cell.value);
            boolean narrow = value instanceof Numeric && cell.width < BYTES;
            kept = narrow && !value.equals(Values.withIdentity(cell.value, 0))
                    ? kept.mayWrite(cell.at, cell.width)
                    : kept.replace(cell.at, value);
        }
        return kept;
    }
}
