package dev.gbpf.verifier.analysis;

import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R2;
import static dev.gbpf.isa.Register.R3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.testkit.MachineArithmetic;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What both ways of a jump tell of small ranges is what trying all their members tells. */
class BranchRefinementTest {
    private static final Region STACK = new Region.Stack(0);
    private static final Region VALUE = new Region.MapValue(2, "m", 16, false, false);
    private static final Region AREA = new Region.MapValue(2, "m", 64, false, true);

    private static EbpfState state(Value r1, Value r2) {
        return EbpfState.atEntry(r1, r2);
    }

    private static Numeric number(long min, long max) {
        return Numeric.of(Scalar.signed(min, max));
    }

    private static Numeric number(long min, long max, int symbol, long delta) {
        return new Numeric(Scalar.signed(min, max), symbol, delta);
    }

    private static Pointer pointer(Region region, long min, long max) {
        return Pointer.at(region, Scalar.signed(min, max));
    }

    private static boolean refine(EbpfState state, JumpOp op, boolean is64, Operand right, boolean taken) {
        return BranchRefinement.refine(state, new Instruction.CondJump(op, is64, R1, right, (short) 1), taken);
    }

    private static boolean holds(JumpOp op, boolean is64, long a, long b) {
        return is64 ? MachineArithmetic.compare(op, a, b) : MachineArithmetic.compare32(op, (int) a, (int) b);
    }

    private static Scalar scalar(EbpfState state, Register register) {
        return switch (state.get(register)) {
            case Numeric n -> n.scalar();
            case Pointer p -> p.offset();
            default -> throw new AssertionError(state.get(register));
        };
    }

    @Test
    void numbers_areRestrictedOnBothWays() {
        for (JumpOp op : JumpOp.values()) {
            for (int way = 0; way < 4; way++) {
                boolean is64 = way < 2;
                boolean taken = way % 2 == 0;
                for (long from = -3; from <= 3; from++) {
                    registers(op, is64, taken, from);
                    immediate(op, is64, taken, from);
                }
            }
        }
    }

    private static void registers(JumpOp op, boolean is64, boolean taken, long from) {
        TreeSet<Long> left = new TreeSet<>();
        TreeSet<Long> right = new TreeSet<>();
        for (long a = -2; a <= 2; a++) {
            for (long b = from; b <= from + 2; b++) {
                if (holds(op, is64, a, b) == taken) {
                    left.add(a);
                    right.add(b);
                }
            }
        }
        EbpfState state = state(number(-2, 2), number(from, from + 2));
        boolean possible = refine(state, op, is64, R2, taken);
        assertRange(op, taken, state, possible, R1, left, number(-2, 2).scalar());
        assertRange(
                op, taken, state, possible, R2, right, number(from, from + 2).scalar());
    }

    private static void immediate(JumpOp op, boolean is64, boolean taken, long right) {
        TreeSet<Long> left = new TreeSet<>();
        for (long a = -2; a <= 2; a++) {
            if (holds(op, is64, a, right) == taken) {
                left.add(a);
            }
        }
        EbpfState state = state(number(-2, 2), number(5, 7));
        boolean possible = refine(state, op, is64, new Immediate((int) right), taken);
        assertRange(op, taken, state, possible, R1, left, number(-2, 2).scalar());
        assertThat(state.get(R2)).isEqualTo(number(5, 7));
    }

    private static void assertRange(
            JumpOp op,
            boolean taken,
            EbpfState state,
            boolean possible,
            Register register,
            SortedSet<Long> members,
            Scalar was) {
        String what = op + " " + taken + ": " + state;
        if (members.isEmpty()) {
            // Common bits of ranges are not followed: that no pair is left may go unnoticed.
            assertThat(!possible || op == JumpOp.SET).as(what).isTrue();
            return;
        }
        assertThat(possible).as(what).isTrue();
        Scalar now = scalar(state, register);
        assertThat(was.includes(now)).as(what).isTrue();
        assertThat(members).as(what).allMatch(now::contains);
        boolean ordered = op != JumpOp.SET && op != JumpOp.NE && op != JumpOp.EQ;
        if (ordered) {
            assertThat(now.wide().smin()).as(what).isEqualTo(members.first());
            assertThat(now.wide().smax()).as(what).isEqualTo(members.last());
        }
    }

    @Test
    void oneNumberOnBothSides_holdsAsForEqualOnes() {
        for (JumpOp op : JumpOp.values()) {
            for (boolean is64 : new boolean[] {true, false}) {
                boolean always = op != JumpOp.SET && MachineArithmetic.compare(op, 7, 7);
                EbpfState same = state(number(-2, 2), number(0, 0));
                EbpfState copy = state(number(-2, 2, 5, 1), number(-2, 2, 5, 1));
                boolean isTest = op == JumpOp.SET;
                assertThat(refine(same, op, is64, R1, true)).as("%s taken", op).isEqualTo(always || isTest);
                assertThat(refine(copy, op, is64, R2, true)).as("%s taken", op).isEqualTo(always || isTest);
                EbpfState sameNot = state(number(-2, 2), number(0, 0));
                EbpfState copyNot = state(number(-2, 2, 5, 1), number(-2, 2, 5, 1));
                assertThat(refine(sameNot, op, is64, R1, false))
                        .as("%s not", op)
                        .isEqualTo(!always);
                assertThat(refine(copyNot, op, is64, R2, false))
                        .as("%s not", op)
                        .isEqualTo(!always);
                if (isTest) {
                    // A number has bits in common with itself exactly when it is not 0.
                    assertThat(scalar(sameNot, R1)).isEqualTo(Scalar.constant(0));
                    assertThat(scalar(copyNot, R1)).isEqualTo(Scalar.constant(0));
                    assertThat(scalar(copyNot, R2)).isEqualTo(Scalar.constant(0));
                }
            }
        }
        EbpfState zero = state(number(0, 1), number(0, 0));
        assertThat(refine(zero, JumpOp.SET, true, R1, true)).isTrue();
        assertThat(scalar(zero, R1)).isEqualTo(Scalar.constant(1));
        assertThat(refine(state(number(0, 0), number(0, 0)), JumpOp.SET, true, R1, true))
                .isFalse();
        assertThat(refine(state(number(3, 3), number(3, 3)), JumpOp.SET, true, R2, false))
                .isFalse();
    }

    @Test
    void lowHalvesOfOneNumber_areTestedForZeroToo() {
        EbpfState state = state(Numeric.of(Scalar.ANY), number(0, 0));
        assertThat(refine(state, JumpOp.SET, false, R1, false)).isTrue();
        assertThat(scalar(state, R1).low().isConstant()).isTrue();
        assertThat(scalar(state, R1).wide().isConstant()).isFalse();
        EbpfState wide = state(Numeric.of(Scalar.ANY), number(0, 0));
        assertThat(refine(wide, JumpOp.SET, true, R1, false)).isTrue();
        assertThat(scalar(wide, R1).isZero()).isTrue();
    }

    @Test
    void numbersAConstantApart_areNeverEqual() {
        assertThat(refine(state(number(0, 9, 5, 1), number(0, 9, 5, 2)), JumpOp.EQ, true, R2, true))
                .isFalse();
        assertThat(refine(state(number(0, 9, 5, 1), number(0, 9, 5, 2)), JumpOp.EQ, true, R2, false))
                .isTrue();
        assertThat(refine(state(number(0, 9, 5, 1), number(0, 9, 5, 2)), JumpOp.NE, true, R2, true))
                .isTrue();
        assertThat(refine(state(number(0, 9, 5, 1), number(0, 9, 5, 2)), JumpOp.NE, true, R2, false))
                .isFalse();
        assertThat(refine(state(number(0, 9, 5, 1), number(0, 9, 6, 2)), JumpOp.EQ, true, R2, true))
                .isTrue();
        assertThat(refine(state(number(0, 9), number(0, 9)), JumpOp.EQ, true, R2, true))
                .isTrue();
        // Multiples of 2^32 apart they would be equal in their low halves.
        assertThat(refine(state(number(0, 9, 5, 1), number(0, 9, 5, 2)), JumpOp.EQ, false, R2, true))
                .isTrue();
        EbpfState less = state(number(0, 9, 5, 1), number(0, 9, 5, 2));
        assertThat(refine(less, JumpOp.LT, true, R2, true)).as("wraps around").isTrue();
    }

    @Test
    void copies_areRestrictedToo() {
        EbpfState state = state(number(0, 9, 5, 0), number(10, 19, 5, 10));
        assertThat(refine(state, JumpOp.GT, true, new Immediate(4), true)).isTrue();
        assertThat(scalar(state, R1)).isEqualTo(Scalar.unsigned(5, 9));
        assertThat(scalar(state, R2)).isEqualTo(Scalar.unsigned(15, 19));
        EbpfState none = state(number(0, 9, 5, 0), number(10, 12, 5, 10));
        assertThat(refine(none, JumpOp.GT, true, new Immediate(4), true))
                .as("the copy is below")
                .isFalse();
    }

    private static Pointer orNull(int identity) {
        return new Pointer(VALUE, Scalar.constant(0), true, identity, 0, 0);
    }

    @Test
    void pointerAndNull_tellWhetherItIsNull() {
        for (boolean equal : new boolean[] {true, false}) {
            EbpfState state = state(orNull(3), orNull(3));
            assertThat(refine(state, JumpOp.EQ, true, new Immediate(0), equal)).isTrue();
            Value expected = equal ? number(0, 0) : new Pointer(VALUE, Scalar.constant(0), false, 3, 0, 0);
            assertThat(state.get(R1)).isEqualTo(expected);
            assertThat(state.get(R2)).as("its copy").isEqualTo(expected);
            EbpfState swapped = state(number(0, 0), orNull(3));
            assertThat(refine(swapped, JumpOp.NE, true, R2, !equal)).isTrue();
            assertThat(swapped.get(R2)).isEqualTo(expected);
        }
        assertThat(refine(state(pointer(VALUE, 0, 0), number(0, 0)), JumpOp.EQ, true, R2, true))
                .isFalse();
        assertThat(refine(state(pointer(VALUE, 0, 0), number(0, 0)), JumpOp.EQ, true, R2, false))
                .isTrue();
        assertThat(refine(state(number(0, 0), pointer(VALUE, 0, 0)), JumpOp.EQ, true, R2, true))
                .isFalse();
        assertThat(refine(state(number(0, 0), pointer(VALUE, 0, 0)), JumpOp.EQ, true, R2, false))
                .isTrue();
    }

    @Test
    void comparisons_areOfTheirWidth() {
        // 2^33 is 0 in its low half.
        EbpfState wide = state(number(0, 1L << 33), number(0, 0));
        assertThat(refine(wide, JumpOp.LT, true, new Immediate(10), true)).isTrue();
        assertThat(scalar(wide, R1)).isEqualTo(Scalar.unsigned(0, 9));
        EbpfState low = state(number(0, 1L << 33), number(0, 0));
        assertThat(refine(low, JumpOp.LT, false, new Immediate(10), true)).isTrue();
        assertThat(scalar(low, R1).contains(1L << 33)).isTrue();
        assertThat(scalar(low, R1).contains(10)).isFalse();
    }

    @Test
    void offsetsThatCannotCompareSo_leaveNoExecution() {
        assertThat(refine(state(pointer(STACK, 0, 3), pointer(STACK, 4, 9)), JumpOp.GT, true, R2, true))
                .isFalse();
        assertThat(refine(state(pointer(STACK, 0, 3), pointer(STACK, 4, 9)), JumpOp.GT, true, R2, false))
                .isTrue();
        assertThat(refine(state(pointer(STACK, 0, 3), pointer(STACK, 4, 4)), JumpOp.EQ, true, R2, true))
                .isFalse();
    }

    @Test
    void otherTestsOfPointers_tellNothing() {
        EbpfState low = state(orNull(3), number(0, 0));
        assertThat(refine(low, JumpOp.EQ, false, R2, true)).isTrue();
        assertThat(low.get(R1)).as("32 bits").isEqualTo(orNull(3));
        EbpfState less = state(orNull(3), number(0, 0));
        assertThat(refine(less, JumpOp.GT, true, R2, true)).isTrue();
        assertThat(less.get(R1)).isEqualTo(orNull(3));
        EbpfState one = state(orNull(3), number(1, 1));
        assertThat(refine(one, JumpOp.EQ, true, R2, true)).isTrue();
        assertThat(one.get(R1)).isEqualTo(orNull(3));
        EbpfState swapped = state(number(1, 1), orNull(3));
        assertThat(refine(swapped, JumpOp.EQ, true, R2, true)).isTrue();
        assertThat(swapped.get(R2)).isEqualTo(orNull(3));
        EbpfState map = state(new MapReference(1), number(0, 0));
        assertThat(refine(map, JumpOp.EQ, true, R2, true)).isTrue();
        assertThat(map.get(R1)).isEqualTo(new MapReference(1));
    }

    @Test
    void pointersIntoOneObject_compareAsTheirOffsetsDo() {
        for (JumpOp op : JumpOp.values()) {
            if (op == JumpOp.SET) {
                continue;
            }
            for (boolean taken : new boolean[] {true, false}) {
                TreeSet<Long> left = new TreeSet<>();
                TreeSet<Long> right = new TreeSet<>();
                for (long a = -2; a <= 2; a++) {
                    for (long b = 1; b <= 3; b++) {
                        // Addresses are far from 0, so the unsigned order is that of the offsets.
                        if (MachineArithmetic.compare(op, 1000 + a, 1000 + b) == taken) {
                            left.add(a);
                            right.add(b);
                        }
                    }
                }
                EbpfState state = state(pointer(STACK, -2, 2), pointer(STACK, 1, 3));
                boolean possible = refine(state, op, true, R2, taken);
                assertRange(op, taken, state, possible, R1, left, number(-2, 2).scalar());
                assertRange(op, taken, state, possible, R2, right, number(1, 3).scalar());
            }
        }
    }

    @Test
    void pointersThatDoNotCompare_tellNothing() {
        Pointer a = pointer(STACK, 0, 9);
        assertUnchanged(JumpOp.SET, true, a, pointer(STACK, 4, 4));
        assertUnchanged(JumpOp.LT, false, a, pointer(STACK, 4, 4));
        assertUnchanged(JumpOp.LT, true, pointer(VALUE, 0, 9), pointer(VALUE, 4, 4));
        assertUnchanged(JumpOp.LT, true, a, pointer(AREA, 4, 4));
        assertUnchanged(JumpOp.LT, true, new Pointer(AREA, Scalar.unsigned(0, 9), true, 3, 0, 0), pointer(AREA, 4, 4));
        assertUnchanged(JumpOp.LT, true, pointer(AREA, 0, 9), new Pointer(AREA, Scalar.constant(4), true, 3, 0, 0));
        EbpfState state = state(pointer(AREA, 0, 9), pointer(AREA, 4, 4));
        assertThat(refine(state, JumpOp.LT, true, R2, true)).isTrue();
        assertThat(scalar(state, R1)).as("but these do").isEqualTo(Scalar.unsigned(0, 3));
    }

    private static void assertUnchanged(JumpOp op, boolean is64, Pointer a, Pointer b) {
        for (boolean taken : new boolean[] {true, false}) {
            EbpfState state = state(a, b);
            assertThat(refine(state, op, is64, R2, taken)).isTrue();
            assertThat(state.get(R1)).isEqualTo(a);
            assertThat(state.get(R2)).isEqualTo(b);
        }
    }

    @Test
    void onePointerOnBothSides_holdsAsForEqualOnes() {
        Pointer pointer = new Pointer(STACK, Scalar.unsigned(0, 9), false, 0, 5, 1);
        Pointer apart = new Pointer(STACK, Scalar.unsigned(0, 9), false, 0, 5, 2);
        for (JumpOp op : JumpOp.values()) {
            if (op != JumpOp.SET) {
                boolean equal = MachineArithmetic.compare(op, 7, 7);
                assertThat(refine(state(pointer, pointer), op, true, R1, true))
                        .as("%s", op)
                        .isEqualTo(equal);
                assertThat(refine(state(pointer, pointer), op, true, R2, true))
                        .as("%s", op)
                        .isEqualTo(equal);
                assertThat(refine(state(pointer, pointer), op, true, R2, false))
                        .as("%s", op)
                        .isEqualTo(!equal);
            }
        }
        assertThat(refine(state(pointer, apart), JumpOp.EQ, true, R2, true)).isFalse();
        assertThat(refine(state(pointer, apart), JumpOp.EQ, true, R2, false)).isTrue();
        assertThat(refine(state(pointer, apart), JumpOp.LE, true, R2, true)).isTrue();
        Pointer other = new Pointer(STACK, Scalar.unsigned(0, 9), false, 0, 6, 1);
        assertThat(refine(state(pointer, other), JumpOp.NE, true, R2, true)).isTrue();
        assertThat(refine(state(pointer, other), JumpOp.EQ, true, R2, true)).isTrue();
        Pointer unrelated = pointer(STACK, 0, 9);
        assertThat(refine(state(unrelated, unrelated), JumpOp.NE, true, R2, true))
                .as("perhaps two")
                .isTrue();
        assertThat(refine(state(unrelated, unrelated), JumpOp.EQ, true, R2, true))
                .isTrue();
    }

    @Test
    void update_restrictsOnlyWhatBecomesLess() {
        EbpfState state = state(number(0, 9, 5, 0), number(0, 9, 5, 0));
        assertThat(BranchRefinement.update(state, R1, Scalar.unsigned(0, 20))).isTrue();
        assertThat(state.get(R1)).isEqualTo(number(0, 9, 5, 0));
        assertThat(BranchRefinement.update(state, R1, Scalar.unsigned(20, 30))).isFalse();
        assertThat(BranchRefinement.update(state, R1, Scalar.unsigned(3, 30))).isTrue();
        assertThat(scalar(state, R2)).isEqualTo(Scalar.unsigned(3, 9));
        assertThatIllegalStateException().isThrownBy(() -> BranchRefinement.update(state, R3, Scalar.ANY));
    }
}
