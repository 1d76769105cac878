package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Eight aligned bytes of a stack frame. Immutable.
 */
final class StackSlot {
    static final int BYTES = 8;
    private static final int BYTES_EMPTY = 48;
    private static final int BYTES_PER_CELL = 24;
    private static final Cell[] NONE = {};
    static final StackSlot EMPTY = new StackSlot(0, NONE);

    /** One bit per byte, set when it is written on every path and not part of a pointer. */
    private final int readable;
    /** Stored values that are still whole, disjoint; the bytes of numbers are readable, those of others are not. */
    private final Cell[] cells;

    private StackSlot(int readable, Cell[] cells) {
        this.readable = readable;
        this.cells = cells;
    }

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

    /** The memory of the slot with its values, about. */
    int bytes() {
        return BYTES_EMPTY + cells.length * (BYTES_PER_CELL + Value.BYTES);
    }

    /** The stored values that are still whole. */
    List<Cell> cells() {
        return List.of(cells);
    }

    /** Whether nothing is known of the bytes, so that they cannot be read. */
    boolean isEmpty() {
        return readable == 0 && cells.length == 0;
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
        return cells.length == 1 && !(cells[0].value instanceof Numeric);
    }

    /** The slot after a store of a value as wide as {@code width}. */
    StackSlot write(int at, int width, Value value) {
        if (value instanceof Numeric) {
            return new StackSlot(readable | bytes(at, width), with(new Cell(at, width, value)));
        }
        // A pointer takes the slot; anything else that is stored is a rejected program, and cannot be read again.
        boolean keeps = width == BYTES && !(value instanceof Uninitialised);
        return keeps
                ? new StackSlot(0, new Cell[] {new Cell(0, BYTES, value)})
                : new StackSlot(readable & ~bytes(at, width), without(at, width));
    }

    /** The slot after a store of unknown number bytes. */
    StackSlot writeUnknown(int at, int width) {
        return new StackSlot(readable | bytes(at, width), without(at, width));
    }

    /** The slot after a store of number bytes that may or may not have hit these: nothing becomes readable. */
    StackSlot mayWrite(int at, int width) {
        return new StackSlot(readable, without(at, width));
    }

    /** The cells that a new one leaves whole, and this. */
    private Cell[] with(Cell cell) {
        if (cells.length == 0 || (cells.length == 1 && cells[0].overlaps(cell.at, cell.width))) {
            return new Cell[] {cell};
        }
        Cell[] kept = without(cell.at, cell.width);
        Cell[] more = Arrays.copyOf(kept, kept.length + 1);
        more[kept.length] = cell;
        return more;
    }

    private Cell[] without(int at, int width) {
        int count = 0;
        for (Cell cell : cells) {
            count += cell.overlaps(at, width) ? 0 : 1;
        }
        if (count == cells.length || count == 0) {
            return count == 0 ? NONE : cells;
        }
        Cell[] kept = new Cell[count];
        int next = 0;
        for (Cell cell : cells) {
            if (!cell.overlaps(at, width)) {
                kept[next++] = cell;
            }
        }
        return kept;
    }

    /** The slot with {@code change} applied to every stored value; the same slot when nothing changes. */
    StackSlot map(UnaryOperator<Value> change) {
        StackSlot result = this;
        for (Cell cell : cells) {
            Value value = change.apply(cell.value);
            if (!Values.same(value, cell.value)) {
                result = value instanceof Uninitialised
                        ? result.write(cell.at, cell.width, value)
                        : result.replace(cell.at, value);
            }
        }
        return result;
    }

    /** Whether a stored value has a symbol. */
    boolean hasSymbol(int symbol) {
        for (Cell cell : cells) {
            if (Values.hasSymbol(cell.value, symbol)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value of exactly these bytes is stored. */
    boolean holds(int at, int width) {
        return cell(at, width) != null;
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
        Cell[] replaced = cells.clone();
        for (int i = 0; i < replaced.length; i++) {
            if (replaced[i].at == at) {
                replaced[i] = new Cell(at, replaced[i].width, value);
            }
        }
        boolean number = value instanceof Numeric;
        return new StackSlot(number ? readable | coveredBy(replaced, at) : readable, replaced);
    }

    private static int coveredBy(Cell[] cells, int at) {
        for (Cell cell : cells) {
            if (cell.at == at) {
                return bytes(at, cell.width);
            }
        }
        return 0;
    }

    boolean includes(StackSlot smaller, RelationInclusion relations) {
        if (isEmpty() || (this == smaller && relations.skipsShared())) {
            return true;
        }
        if ((readable & ~smaller.readable) != 0) {
            return false;
        }
        for (Cell cell : cells) {
            Cell other = smaller.cell(cell.at, cell.width);
            if (other == null || !Values.includes(cell.value, other.value, relations)) {
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

    StackSlot join(StackSlot other, RelationJoin relations, @Nullable Thresholds thresholds) {
        if (this == other || isEmpty() || other.isEmpty()) {
            return this == other ? this : EMPTY;
        }
        int both = readable & other.readable;
        Cell[] joined = new Cell[cells.length];
        int count = 0;
        boolean same = both == readable;
        for (Cell cell : cells) {
            Cell match = other.cell(cell.at, cell.width);
            Value value = match == null
                    ? Uninitialised.INSTANCE
                    : Values.join(cell.value, match.value, relations, thresholds);
            if (value instanceof Numeric || value instanceof Pointer || value instanceof Value.MapReference) {
                boolean kept = Values.same(value, cell.value);
                joined[count++] = kept ? cell : new Cell(cell.at, cell.width, value);
                same &= kept;
            } else {
                same = false;
            }
        }
        if (same) {
            return this;
        }
        return both == 0 && count == 0
                ? EMPTY
                : new StackSlot(both, count == joined.length ? joined : Arrays.copyOf(joined, count));
    }

    /** How much a join of the two slots would lose: see {@link EbpfState#distance}. */
    int distance(StackSlot other) {
        int distance = readable == other.readable ? 0 : 1;
        for (Cell cell : cells) {
            Cell match = other.cell(cell.at, cell.width);
            distance += match == null ? 1 : Values.distance(cell.value, match.value);
        }
        return distance;
    }

    /** The slot with every number given up that is not as it was in {@code previous}. */
    StackSlot forgetting(StackSlot previous) {
        StackSlot kept = this;
        for (Cell cell : cells) {
            Cell before = previous.cell(cell.at, cell.width);
            Value value = Values.forget(before == null ? Uninitialised.INSTANCE : before.value, cell.value);
            boolean narrow = value instanceof Numeric && cell.width < BYTES;
            kept = narrow && !value.equals(Values.unrelated(cell.value))
                    ? kept.mayWrite(cell.at, cell.width)
                    : kept.replace(cell.at, value);
        }
        return kept;
    }

    /** Adds what is known of the bytes, which begin at {@code offset} of the frame: stored values, and runs of other numbers. */
    void describe(int offset, Map<String, String> places) {
        int covered = 0;
        for (Cell cell : cells) {
            String width = cell.width == BYTES ? "" : ", " + cell.width + " bytes";
            places.put("stack[" + (offset + cell.at) + width + "]", cell.value.toString());
            covered |= bytes(cell.at, cell.width);
        }
        int others = readable & ~covered;
        if (others != 0) {
            places.put("stack[" + offset + ", " + Integer.bitCount(others) + " other bytes]", "any numbers");
        }
    }

    @Override
    public String toString() {
        return "slot of " + Arrays.toString(cells) + ", readable bytes " + Integer.toBinaryString(readable);
    }
}
