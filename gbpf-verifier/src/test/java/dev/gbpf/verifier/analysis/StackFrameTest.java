package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A frame against an array of all its slots. */
class StackFrameTest {
    private static final Pointer POINTER = Pointer.to(new Region.Stack(0));
    private static final int[] WIDTHS = {1, 2, 4, 8};

    private static Numeric constant(long value) {
        return Numeric.of(Scalar.constant(value));
    }

    private static StackSlot[] empty() {
        StackSlot[] slots = new StackSlot[StackFrame.SLOTS];
        Arrays.fill(slots, StackSlot.EMPTY);
        return slots;
    }

    private static void assertSlots(StackFrame frame, StackSlot[] model) {
        for (int i = 0; i < model.length; i++) {
            assertThat(frame.slot(i).toString()).as("slot %d", i).isEqualTo(model[i].toString());
        }
    }

    private static void write(StackSlot[] model, int at, int width, Value value) {
        int begin = at % 8;
        int slot = at / 8;
        if (begin + width <= 8) {
            long mask = -1L >>> (64 - 8 * width);
            Value stored =
                    value instanceof Numeric n ? constant(n.scalar().wide().umin() & mask) : value;
            model[slot] = model[slot].write(begin, width, stored);
        } else {
            model[slot] = model[slot].writeUnknown(begin, 8 - begin);
            model[slot + 1] = model[slot + 1].writeUnknown(0, begin + width - 8);
        }
    }

    @Test
    void anyWrites_areThoseOfTheSlots() {
        Random random = new Random(20261126);
        for (int run = 0; run < 300; run++) {
            StackFrame frame = StackFrame.EMPTY;
            StackSlot[] model = empty();
            for (int i = 0; i < 12; i++) {
                int width = WIDTHS[random.nextInt(4)];
                int at = (random.nextBoolean() ? 0 : 448) + random.nextInt(64 - width + 1);
                switch (random.nextInt(6)) {
                    case 0 -> {
                        frame = frame.write(at & -8, 8, POINTER);
                        model[at / 8] = model[at / 8].write(0, 8, POINTER);
                    }
                    case 1 -> {
                        frame = frame.with(at / 8, StackSlot.EMPTY);
                        model[at / 8] = StackSlot.EMPTY;
                    }
                    case 2 -> {
                        int length = 1 + random.nextInt(512 - at);
                        frame = frame.mayWrite(at, length);
                        for (int k = at; k < at + length; k++) {
                            model[k / 8] = model[k / 8].mayWrite(k % 8, 1);
                        }
                    }
                    case 3 -> {
                        int length = 1 + random.nextInt(8 - at % 8);
                        frame = frame.writeUnknown(at, length);
                        model[at / 8] = model[at / 8].writeUnknown(at % 8, length);
                    }
                    default -> {
                        Numeric value = constant(random.nextLong());
                        frame = frame.write(at, width, value);
                        write(model, at, width, value);
                    }
                }
                assertSlots(frame, model);
                assertReads(frame, model, random);
            }
        }
    }

    private static void assertReads(StackFrame frame, StackSlot[] model, Random random) {
        int width = WIDTHS[random.nextInt(4)];
        for (int at = 0; at + width <= 512; at++) {
            boolean readable = true;
            boolean pointer = false;
            for (int i = at; i < at + width; i++) {
                readable &= model[i / 8].isReadable(i % 8, 1);
                pointer |= model[i / 8].holdsPointer();
            }
            assertThat(frame.isReadable(at, width)).isEqualTo(readable);
            assertThat(frame.touchesPointer(at, width)).isEqualTo(pointer);
            Value expected = at % 8 + width <= 8
                    ? model[at / 8].read(at % 8, width)
                    : readable ? Numeric.of(Scalar.ofBits(8 * width)) : Uninitialised.INSTANCE;
            assertThat(frame.read(at, width)).isEqualTo(expected);
        }
    }

    @Test
    void numberThatFits_isStoredWithItsRelation() {
        Numeric small = new Numeric(Scalar.unsigned(0, 255), 5, 3);
        assertThat(StackFrame.EMPTY.write(0, 1, small).read(0, 1)).isEqualTo(small);
        Numeric large = new Numeric(Scalar.unsigned(0, 256), 5, 3);
        assertThat(StackFrame.EMPTY.write(0, 1, large).read(0, 1)).isEqualTo(Numeric.of(Scalar.ofBits(8)));
        assertThat(StackFrame.EMPTY.write(0, 2, large).read(0, 2)).isEqualTo(large);
    }

    private static StackFrame of(int... slots) {
        StackFrame frame = StackFrame.EMPTY;
        for (int slot : slots) {
            frame = frame.write(8 * slot, 8, constant(slot));
        }
        return frame;
    }

    private static StackFrame join(StackFrame a, StackFrame b) {
        return a.join(b, new RelationJoin().begin(0), null);
    }

    @Test
    void join_keepsTheSlotsOfBoth() {
        StackFrame some = of(1, 3, 5, 63);
        assertThat(join(some, some)).isSameAs(some);
        assertThat(join(some, of(0, 1, 2, 3, 4, 5, 6, 63)))
                .as("nothing changes")
                .isSameAs(some);
        StackSlot[] model = empty();
        model[3] = of(3).slot(3);
        model[63] = of(63).slot(63);
        assertSlots(join(some, of(0, 3, 4, 63)), model);
        assertSlots(join(of(0, 3, 4, 63), some), model);
        assertSlots(join(some, StackFrame.EMPTY), empty());
        assertSlots(join(StackFrame.EMPTY, some), empty());
        StackFrame other = of(1, 3).write(40, 8, POINTER);
        StackSlot[] without = empty();
        without[1] = of(1).slot(1);
        without[3] = of(3).slot(3);
        assertSlots(join(some, other), without);
    }

    @Test
    void widening_usesTheThresholdsOfEachSlot() {
        StackFrame before = of(1, 3);
        StackFrame after = before.write(24, 8, constant(9));
        StackFrame widened = before.join(after, new RelationJoin().begin(0), Widening.TO_TOP);
        assertThat(widened.read(8, 8)).isEqualTo(constant(1));
        assertThat(((Numeric) widened.read(24, 8)).scalar()).isEqualTo(Scalar.ANY);
    }

    private static boolean includes(StackFrame larger, StackFrame smaller) {
        return larger.includes(smaller, new RelationInclusion().begin(0, true));
    }

    @Test
    void inclusion_needsEachSlotOfTheLarger() {
        StackFrame some = of(1, 3, 63);
        assertThat(includes(some, some)).isTrue();
        assertThat(some.includes(some, new RelationInclusion().begin(0, false))).isTrue();
        assertThat(includes(some, of(0, 1, 2, 3, 62, 63))).isTrue();
        assertThat(includes(some, of(1, 3))).isFalse();
        assertThat(includes(some, of(1, 2, 63))).isFalse();
        assertThat(includes(some, of(3, 63))).isFalse();
        assertThat(includes(some, StackFrame.EMPTY)).isFalse();
        assertThat(includes(StackFrame.EMPTY, some)).isTrue();
        assertThat(includes(some, some.write(24, 8, constant(4)))).isFalse();
        RelationInclusion relations = new RelationInclusion().begin(9, true);
        assertThat(relations.symbol(5, 0, 6, 0)).isTrue();
        StackFrame related = StackFrame.EMPTY.write(0, 8, new Numeric(Scalar.unsigned(0, 3), 5, 0));
        assertThat(related.includes(related, relations)).as("5 stands for 6").isFalse();
    }

    @Test
    void distance_countsSlotsOfEither() {
        StackFrame some = of(1, 3, 63);
        assertThat(some.distance(some)).isZero();
        assertThat(some.distance(of(1, 3, 5, 63))).isOne();
        assertThat(of(1, 3, 5, 63).distance(some)).as("the bytes and the value").isEqualTo(2);
        assertThat(some.distance(some.write(8, 8, constant(7)))).isOne();
        assertThat(StackFrame.EMPTY.distance(some)).isEqualTo(3);
    }

    @Test
    void map_andForgetting_changeEachSlot() {
        StackFrame some = of(1, 3, 63);
        assertThat(some.map(v -> v)).isSameAs(some);
        StackSlot[] model = empty();
        model[1] = of(1).slot(1);
        model[63] = of(63).slot(63);
        assertSlots(some.map(v -> v.equals(constant(3)) ? Uninitialised.INSTANCE : v), model);
        StackFrame grown = some.forgetting(of(1, 63));
        assertThat(grown.read(8, 8)).isEqualTo(constant(1));
        assertThat(grown.read(24, 8)).isEqualTo(Numeric.of(Scalar.ANY));
        assertThat(grown.read(504, 8)).isEqualTo(constant(63));
    }

    @Test
    void retain_keepsTheSlotsOfTheSet() {
        StackFrame some = of(0, 1, 3, 5, 63);
        assertThat(some.retain(-1)).isSameAs(some);
        assertThat(some.retain(1L << 63 | 0b10_1011)).isSameAs(some);
        for (long live : new long[] {0, 1, 0b1010, 1L << 63, 1L << 63 | 0b10_0001, ~0b1010L, 1L << 62}) {
            StackSlot[] model = empty();
            for (int slot : new int[] {0, 1, 3, 5, 63}) {
                model[slot] = (live >>> slot & 1) != 0 ? of(slot).slot(slot) : StackSlot.EMPTY;
            }
            assertSlots(some.retain(live), model);
        }
    }

    @Test
    void symbols_areFoundInEachSlot() {
        StackFrame related = of(1, 63)
                .write(24, 8, new Numeric(Scalar.unsigned(0, 9), 5, 1))
                .write(40, 8, new Pointer(new Region.Stack(0), Scalar.signed(-9, 0), false, 0, 6, 1));
        assertThat(related.hasSymbol(5)).isTrue();
        assertThat(related.hasSymbol(6)).isTrue();
        assertThat(related.hasSymbol(7)).isFalse();
        assertThat(StackFrame.EMPTY.hasSymbol(5)).isFalse();
    }

    @Test
    void memory_isThatOfSlotsThatAreNotShared() {
        StackFrame some = of(1, 3, 63);
        int slot = some.slot(1).bytes();
        assertThat(some.bytesBeside(some)).isZero();
        assertThat(some.bytesBeside(StackFrame.EMPTY)).isEqualTo(72 + 3 * 5 + 3 * slot);
        assertThat(some.write(0, 8, constant(0)).bytesBeside(some)).isEqualTo(72 + 4 * 5 + slot);
        assertThat(some.write(24, 8, constant(4)).bytesBeside(some)).isEqualTo(72 + 3 * 5 + slot);
        assertThat(some.with(1, StackSlot.EMPTY).bytesBeside(some)).isEqualTo(72 + 2 * 5);
    }

    @Test
    void frame_isTheSameWhenNothingIsWritten() {
        StackFrame some = of(1, 3);
        assertThat(some.with(2, StackSlot.EMPTY)).isSameAs(some);
        assertSlots(some.with(1, StackSlot.EMPTY).with(3, StackSlot.EMPTY), empty());
    }
}
