package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Mixed;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Eight bytes of the stack against a model that keeps for each byte who wrote it last. */
class StackSlotTest {
    private static final Pointer POINTER = Pointer.to(new Region.Stack(0));
    private static final int[] WIDTHS = {1, 2, 4, 8};

    private static Numeric constant(long value) {
        return Numeric.of(Scalar.constant(value));
    }

    private static Numeric range(long max) {
        return Numeric.of(Scalar.unsigned(0, max));
    }

    /** What is known of eight bytes: of each whether it can be read and which store wrote it; and the stores. */
    private static final class Model {
        final boolean[] readable = new boolean[8];
        final int[] writer = new int[8];
        final List<StackSlot.Cell> stores = new ArrayList<>();

        void write(int at, int width, Value value) {
            stores.add(new StackSlot.Cell(at, width, value));
            set(at, width, stores.size(), value instanceof Numeric);
        }

        void set(int at, int width, int who, boolean isReadable) {
            for (int i = at; i < at + width; i++) {
                writer[i] = who;
                readable[i] = isReadable;
            }
        }

        boolean isReadable(int at, int width) {
            boolean all = true;
            for (int i = at; i < at + width; i++) {
                all &= readable[i];
            }
            return all;
        }

        /** The stores of which no byte was written since. */
        List<StackSlot.Cell> whole() {
            List<StackSlot.Cell> whole = new ArrayList<>();
            for (int k = 0; k < stores.size(); k++) {
                StackSlot.Cell cell = stores.get(k);
                boolean isWhole = true;
                for (int i = cell.at(); i < cell.at() + cell.width(); i++) {
                    isWhole &= writer[i] == k + 1;
                }
                if (isWhole) {
                    whole.add(cell);
                }
            }
            return whole;
        }
    }

    @Test
    void anyStores_areReadBackAsTheModelSays() {
        Random random = new Random(20261126);
        for (int run = 0; run < 1500; run++) {
            StackSlot slot = StackSlot.EMPTY;
            Model model = new Model();
            for (int i = random.nextInt(7); i >= 0; i--) {
                int width = WIDTHS[random.nextInt(4)];
                int at = random.nextInt(8 / width) * width;
                int length = 1 + random.nextInt(8 - at);
                switch (random.nextInt(8)) {
                    case 0 -> {
                        slot = slot.write(0, 8, POINTER);
                        model.write(0, 8, POINTER);
                    }
                    case 1 -> {
                        slot = slot.write(at, width, Uninitialised.INSTANCE);
                        model.set(at, width, 0, false);
                    }
                    case 2 -> {
                        slot = slot.writeUnknown(at, length);
                        model.set(at, length, 0, true);
                    }
                    case 3 -> {
                        slot = slot.mayWrite(at, length);
                        for (int k = at; k < at + length; k++) {
                            model.writer[k] = 0;
                        }
                    }
                    default -> {
                        long mask = -1L >>> (64 - 8 * width);
                        Numeric value = constant(random.nextLong() & mask);
                        slot = slot.write(at, width, value);
                        model.write(at, width, value);
                    }
                }
                assertSame(slot, model);
            }
        }
    }

    private static void assertSame(StackSlot slot, Model model) {
        List<StackSlot.Cell> whole = model.whole();
        assertThat(slot.cells()).containsExactlyInAnyOrderElementsOf(whole);
        assertThat(slot.holdsPointer()).isEqualTo(whole.stream().anyMatch(c -> c.value() instanceof Pointer));
        boolean empty = whole.isEmpty();
        for (int at = 0; at < 8; at++) {
            empty &= !model.readable[at];
            for (int width = 1; at + width <= 8; width++) {
                assertThat(slot.isReadable(at, width)).isEqualTo(model.isReadable(at, width));
            }
            for (int width : WIDTHS) {
                if (at % width == 0) {
                    assertThat(slot.read(at, width)).isEqualTo(read(whole, model, at, width));
                    int from = at;
                    assertThat(slot.holds(at, width))
                            .isEqualTo(whole.stream().anyMatch(c -> c.at() == from && c.width() == width));
                }
            }
        }
        assertThat(slot.isEmpty()).isEqualTo(empty);
        assertThat(slot.bytes()).isEqualTo(48 + whole.size() * (24 + Value.BYTES));
    }

    private static Value read(List<StackSlot.Cell> whole, Model model, int at, int width) {
        for (StackSlot.Cell cell : whole) {
            if (cell.at() == at && cell.width() == width) {
                return cell.value();
            }
            if (cell.value() instanceof Numeric n && cell.at() <= at && at + width <= cell.at() + cell.width()) {
                long part = n.scalar().wide().umin() >>> (8 * (at - cell.at())) & (-1L >>> (64 - 8 * width));
                return constant(part);
            }
        }
        return model.isReadable(at, width) ? Numeric.of(Scalar.ofBits(8 * width)) : Uninitialised.INSTANCE;
    }

    @Test
    void values_thatCannotBeStored_leaveBytesUnreadable() {
        StackSlot numbers = StackSlot.EMPTY.writeUnknown(0, 8);
        assertThat(numbers.write(0, 4, POINTER).isReadable(0, 1))
                .as("a narrow pointer")
                .isFalse();
        assertThat(numbers.write(0, 4, POINTER).isReadable(4, 4)).isTrue();
        assertThat(numbers.write(0, 4, POINTER).cells()).isEmpty();
        assertThat(numbers.write(0, 8, Uninitialised.INSTANCE).isEmpty()).isTrue();
        assertThat(numbers.write(0, 8, Mixed.INSTANCE).holdsPointer()).isTrue();
        assertThat(numbers.write(0, 8, new MapReference(1)).holdsPointer()).isTrue();
        assertThat(numbers.write(0, 8, constant(1)).holdsPointer()).isFalse();
        assertThat(StackSlot.EMPTY.holdsPointer()).isFalse();
    }

    private static final StackSlot TWO = StackSlot.EMPTY.write(0, 4, range(3)).write(4, 4, range(5));

    @Test
    void replacement_changesOneValueAndWhatCanBeRead() {
        StackSlot replaced = TWO.replace(4, constant(2));
        assertThat(replaced.read(4, 4)).isEqualTo(constant(2));
        assertThat(replaced.read(0, 4)).isEqualTo(range(3));
        StackSlot pointer = StackSlot.EMPTY.write(0, 8, POINTER);
        assertThat(pointer.isReadable(0, 1)).isFalse();
        StackSlot isNull = pointer.replace(0, constant(0));
        assertThat(isNull.isReadable(0, 8)).isTrue();
        assertThat(isNull.read(0, 8)).isEqualTo(constant(0));
        assertThat(pointer.replace(0, POINTER).isReadable(0, 1)).isFalse();
        assertThat(TWO.write(4, 4, Uninitialised.INSTANCE)
                        .replace(0, constant(1))
                        .isReadable(4, 1))
                .isFalse();
    }

    @Test
    void map_appliesToAllValues() {
        assertThat(TWO.map(v -> v)).isSameAs(TWO);
        StackSlot changed = TWO.map(v -> v.equals(range(5)) ? constant(4) : v);
        assertThat(changed.read(4, 4)).isEqualTo(constant(4));
        assertThat(changed.read(0, 4)).isEqualTo(range(3));
        StackSlot forgotten = TWO.map(v -> v.equals(range(3)) ? Uninitialised.INSTANCE : v);
        assertThat(forgotten.cells()).containsExactly(new StackSlot.Cell(4, 4, range(5)));
        assertThat(forgotten.isReadable(0, 1)).isFalse();
        StackSlot pointer = StackSlot.EMPTY.write(0, 8, POINTER);
        assertThat(pointer.map(v -> Uninitialised.INSTANCE).isEmpty()).isTrue();
        assertThat(pointer.map(v -> constant(0)).isReadable(0, 8)).isTrue();
    }

    private static boolean includes(StackSlot larger, StackSlot smaller) {
        return larger.includes(smaller, new RelationInclusion().begin(0, true));
    }

    @Test
    void inclusion_needsAllBytesAndAllValues() {
        StackSlot unknown = StackSlot.EMPTY.writeUnknown(0, 8);
        assertThat(includes(StackSlot.EMPTY, TWO)).isTrue();
        assertThat(includes(TWO, StackSlot.EMPTY)).isFalse();
        assertThat(includes(unknown, TWO)).isTrue();
        assertThat(includes(TWO, unknown)).isFalse();
        assertThat(includes(TWO, TWO.replace(0, constant(2)))).isTrue();
        assertThat(includes(TWO, TWO.replace(0, constant(4)))).isFalse();
        assertThat(includes(TWO, TWO.replace(4, constant(6)))).isFalse();
        assertThat(includes(StackSlot.EMPTY.write(0, 8, range(3)), TWO))
                .as("another width")
                .isFalse();
        assertThat(includes(StackSlot.EMPTY.writeUnknown(0, 4), StackSlot.EMPTY.writeUnknown(2, 4)))
                .isFalse();
        StackSlot pointer = StackSlot.EMPTY.write(0, 8, POINTER);
        assertThat(includes(pointer, pointer)).isTrue();
        assertThat(includes(unknown, pointer)).isFalse();
        assertThat(TWO.includes(TWO, new RelationInclusion().begin(0, false))).isTrue();
        // A symbol that is found to stand for another is looked at again where all values are.
        StackSlot related = StackSlot.EMPTY.write(0, 8, new Numeric(Scalar.unsigned(0, 3), 5, 0));
        RelationInclusion relations = new RelationInclusion().begin(9, true);
        assertThat(relations.symbol(5, 0, 6, 0)).isTrue();
        assertThat(related.includes(related, relations)).isFalse();
    }

    private static StackSlot join(StackSlot a, StackSlot b) {
        return a.join(b, new RelationJoin().begin(0), null);
    }

    @Test
    void join_keepsWhatBothHave() {
        assertThat(join(TWO, TWO)).isSameAs(TWO);
        assertThat(join(TWO, StackSlot.EMPTY)).isSameAs(StackSlot.EMPTY);
        assertThat(join(StackSlot.EMPTY, TWO)).isSameAs(StackSlot.EMPTY);
        assertThat(join(TWO, TWO.replace(4, constant(2)))).as("nothing changes").isSameAs(TWO);
        StackSlot wider = join(TWO.replace(4, constant(2)), TWO);
        assertThat(wider.cells()).containsExactlyElementsOf(TWO.cells());
        assertThat(wider.isReadable(0, 8)).isTrue();
        StackSlot half = join(TWO, StackSlot.EMPTY.write(0, 4, range(3)));
        assertThat(half.cells()).containsExactly(new StackSlot.Cell(0, 4, range(3)));
        assertThat(half.isReadable(0, 4)).isTrue();
        assertThat(half.isReadable(4, 1)).isFalse();
        StackSlot bytes = join(TWO, StackSlot.EMPTY.writeUnknown(2, 4));
        assertThat(bytes.cells()).isEmpty();
        assertThat(bytes.isReadable(2, 4)).isTrue();
        assertThat(bytes.isReadable(1, 1)).isFalse();
        assertThat(join(StackSlot.EMPTY.writeUnknown(0, 2), StackSlot.EMPTY.writeUnknown(4, 2)))
                .as("nothing in common")
                .isSameAs(StackSlot.EMPTY);
    }

    @Test
    void join_ofPointers_keepsThemWholeOrNotAtAll() {
        StackSlot pointer = StackSlot.EMPTY.write(0, 8, POINTER);
        StackSlot other = StackSlot.EMPTY.write(0, 8, Pointer.at(new Region.Stack(0), Scalar.constant(8)));
        assertThat(join(pointer, other).holdsPointer()).isTrue();
        assertThat(join(pointer, StackSlot.EMPTY.write(0, 8, constant(1)))).isSameAs(StackSlot.EMPTY);
        StackSlot map = StackSlot.EMPTY.write(0, 8, new MapReference(1));
        assertThat(join(map, StackSlot.EMPTY.write(0, 8, new MapReference(1))).holdsPointer())
                .isTrue();
        assertThat(join(map, pointer)).isSameAs(StackSlot.EMPTY);
        StackSlot unknown = StackSlot.EMPTY.writeUnknown(0, 8);
        assertThat(join(unknown, StackSlot.EMPTY.writeUnknown(0, 8))).isSameAs(unknown);
        assertThat(join(unknown, TWO).isReadable(0, 8)).isTrue();
    }

    @Test
    void widening_givesUpRangesOfNumbersThatChange() {
        StackSlot widened = TWO.join(TWO.replace(4, constant(6)), new RelationJoin().begin(0), Thresholds.NONE);
        assertThat(widened.read(0, 4)).isEqualTo(range(3));
        assertThat(widened.read(4, 4)).isEqualTo(Numeric.of(Scalar.ANY));
    }

    @Test
    void symbols_areFoundInEachCell() {
        StackSlot related = StackSlot.EMPTY.write(0, 4, range(3)).write(4, 4, new Numeric(Scalar.unsigned(0, 3), 5, 1));
        assertThat(related.hasSymbol(5)).isTrue();
        assertThat(related.hasSymbol(1)).as("that is the delta").isFalse();
        assertThat(TWO.hasSymbol(5)).isFalse();
    }

    @Test
    void distance_countsBytesAndValues() {
        assertThat(TWO.distance(TWO)).isZero();
        assertThat(TWO.distance(TWO.replace(4, constant(2)))).isOne();
        assertThat(TWO.distance(StackSlot.EMPTY)).isEqualTo(3);
        assertThat(StackSlot.EMPTY.distance(TWO)).isOne();
        assertThat(TWO.distance(StackSlot.EMPTY.write(0, 4, range(3)))).isEqualTo(2);
    }

    @Test
    void forgetting_keepsNumbersThatDidNotGrow() {
        StackSlot kept = TWO.forgetting(TWO);
        assertThat(kept.cells()).containsExactlyElementsOf(TWO.cells());
        StackSlot grown = TWO.forgetting(TWO.replace(4, constant(2)));
        assertThat(grown.cells()).containsExactly(new StackSlot.Cell(0, 4, range(3)));
        assertThat(grown.isReadable(0, 8)).as("it is still a number").isTrue();
        StackSlot whole = StackSlot.EMPTY.write(0, 8, range(5));
        assertThat(whole.forgetting(StackSlot.EMPTY).read(0, 8)).isEqualTo(Numeric.of(Scalar.ANY));
        assertThat(whole.forgetting(StackSlot.EMPTY.write(0, 8, range(9))).read(0, 8))
                .isEqualTo(range(5));
        StackSlot related = StackSlot.EMPTY.write(0, 4, new Numeric(Scalar.unsigned(0, 3), 5, 1));
        assertThat(related.forgetting(related).read(0, 4)).isEqualTo(range(3));
    }

    @Test
    void description_namesValuesAndOtherBytes() {
        Map<String, String> places = new LinkedHashMap<>();
        TWO.write(4, 2, constant(7)).describe(-16, places);
        StackSlot.EMPTY.write(0, 8, constant(1)).describe(-8, places);
        StackSlot.EMPTY.describe(-24, places);
        assertThat(places)
                .containsExactly(
                        Map.entry("stack[-16, 4 bytes]", "a number in 0..3"),
                        Map.entry("stack[-12, 2 bytes]", "the number 7"),
                        Map.entry("stack[-16, 2 other bytes]", "any numbers"),
                        Map.entry("stack[-8]", "the number 1"));
        assertThat(TWO.toString()).contains("readable bytes 11111111", "0..3");
    }
}
