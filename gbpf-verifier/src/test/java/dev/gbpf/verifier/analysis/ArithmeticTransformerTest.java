package dev.gbpf.verifier.analysis;

import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.testkit.MachineArithmetic;
import org.junit.jupiter.api.Test;

/** What arithmetic and moves make of numbers and pointers. */
class ArithmeticTransformerTest extends TransformerFixture {
    private Value alu(AluOp op, boolean is64, Value r1, Value r2) {
        return apply(state(r1, r2), new Instruction.Alu(op, is64, R1, R2)).get(R1);
    }

    private Value alu(AluOp op, boolean is64, Value r1, int immediate) {
        return apply(state(r1, constant(0)), new Instruction.Alu(op, is64, R1, new Immediate(immediate)))
                .get(R1);
    }

    @Test
    void arithmetic_ofConstants_isThatOfTheMachine() {
        long[] values = {0, 1, -1, 5, 0x1_0000_0003L, Long.MIN_VALUE};
        for (AluOp op : AluOp.values()) {
            for (long a : values) {
                for (long b : values) {
                    assertThat(alu(op, true, constant(a), constant(b)))
                            .as("%d %s %d", a, op, b)
                            .isEqualTo(constant(MachineArithmetic.alu64(op, a, b)));
                    assertThat(alu(op, false, constant(a), constant(b)))
                            .as("%d %s %d in 32 bits", a, op, b)
                            .isEqualTo(constant(MachineArithmetic.alu32(op, (int) a, (int) b)));
                }
                assertThat(alu(op, true, constant(a), -3)).isEqualTo(constant(MachineArithmetic.alu64(op, a, -3)));
                assertThat(alu(op, false, constant(a), -3))
                        .isEqualTo(constant(MachineArithmetic.alu32(op, (int) a, -3)));
            }
        }
    }

    @Test
    void differenceOfOneNumber_isZero() {
        Numeric any = Numeric.of(Scalar.ANY);
        for (AluOp op : new AluOp[] {AluOp.SUB, AluOp.XOR}) {
            assertThat(apply(state(any, any), new Instruction.Alu(op, true, R1, R1))
                            .get(R1))
                    .isEqualTo(constant(0));
            assertThat(alu(op, true, number(0, 9, 5, 2), number(0, 9, 5, 2))).isEqualTo(constant(0));
            assertThat(alu(op, true, any, any)).as("perhaps two").isNotEqualTo(constant(0));
        }
        assertThat(apply(state(any, any), new Instruction.Alu(AluOp.OR, true, R1, R1))
                        .get(R1))
                .isEqualTo(any);
        assertThat(alu(AluOp.OR, true, number(1, 9, 5, 2), number(1, 9, 5, 2))).isNotEqualTo(constant(0));
    }

    @Test
    void differenceOfRelatedNumbers_isThatOfTheirDeltas() {
        assertThat(alu(AluOp.SUB, true, number(0, 9, 5, 2), number(0, 9, 5, 7))).isEqualTo(constant(-5));
        assertThat(alu(AluOp.SUB, false, number(0, 9, 5, 2), number(0, 9, 5, 7)))
                .isNotEqualTo(constant(-5));
        assertThat(alu(AluOp.SUB, true, number(0, 9, 5, 2), number(0, 9, 6, 7))).isEqualTo(number(-9, 9));
        assertThat(alu(AluOp.SUB, true, number(0, 9), number(0, 9))).isEqualTo(number(-9, 9));
        assertThat(alu(AluOp.XOR, true, number(0, 9, 5, 2), number(0, 9, 5, 7))).isNotEqualTo(constant(-5));
    }

    @Test
    void sumsWithConstants_keepTheRelation() {
        Numeric number = number(0, 9, 5, 2);
        assertThat(alu(AluOp.ADD, true, number, 3)).isEqualTo(number(3, 12, 5, 5));
        assertThat(alu(AluOp.SUB, true, number, 3)).isEqualTo(number(-3, 6, 5, -1));
        assertThat(alu(AluOp.ADD, true, number, constant(3))).isEqualTo(number(3, 12, 5, 5));
        assertThat(alu(AluOp.ADD, true, constant(3), number)).isEqualTo(number(3, 12, 5, 5));
        assertThat(alu(AluOp.SUB, true, constant(3), number)).isEqualTo(number(-6, 3));
        assertThat(alu(AluOp.MUL, true, number, 1)).isEqualTo(number(0, 9));
        assertThat(alu(AluOp.ADD, true, number(0, 9), 3)).isEqualTo(number(3, 12));
        assertThat(alu(AluOp.ADD, true, number, number(0, 3))).isEqualTo(number(0, 12));
    }

    @Test
    void sumsOf32Bits_keepTheRelationOnlyWhereTheyAreWhole() {
        Numeric number = number(10, 19, 5, 2);
        assertThat(alu(AluOp.ADD, false, number, 3)).isEqualTo(number(13, 22, 5, 5));
        assertThat(alu(AluOp.SUB, false, number, 3)).isEqualTo(number(7, 16, 5, -1));
        assertThat(alu(AluOp.SUB, false, number, 12))
                .isInstanceOfSatisfying(
                        Numeric.class,
                        n -> assertThat(n.symbol()).as("may wrap").isZero());
        assertThat(alu(AluOp.ADD, false, new Numeric(Scalar.ANY, 5, 2), 0))
                .isInstanceOfSatisfying(
                        Numeric.class, n -> assertThat(n.symbol()).as("cut").isZero());
        // The step is what the low half of the constant adds.
        assertThat(alu(AluOp.ADD, false, number, constant(0x1_0000_0003L))).isEqualTo(number(13, 22, 5, 5));
        assertThat(alu(AluOp.ADD, false, number, constant(0xFFFF_FFFFL))).isEqualTo(number(9, 18, 5, 1));
    }

    @Test
    void pointersAndNumbers_addUp() {
        assertThat(alu(AluOp.ADD, true, pointer(VALUE, 4, 4), number(0, 3, 5, 1)))
                .isEqualTo(new Pointer(VALUE, Scalar.signed(4, 7), false, 0, 5, 5));
        assertThat(alu(AluOp.ADD, true, number(0, 3, 5, 1), pointer(VALUE, 4, 4)))
                .isEqualTo(new Pointer(VALUE, Scalar.signed(4, 7), false, 0, 5, 5));
        Pointer related = new Pointer(VALUE, Scalar.signed(0, 9), false, 3, 5, 1);
        assertThat(alu(AluOp.ADD, true, related, constant(2)))
                .isEqualTo(new Pointer(VALUE, Scalar.signed(2, 11), false, 0, 5, 3));
        assertThat(alu(AluOp.ADD, true, related, 2))
                .isEqualTo(new Pointer(VALUE, Scalar.signed(2, 11), false, 0, 5, 3));
        assertThat(alu(AluOp.SUB, true, related, 2))
                .isEqualTo(new Pointer(VALUE, Scalar.signed(-2, 7), false, 0, 5, -1));
        assertThat(alu(AluOp.ADD, true, related, number(0, 3))).isEqualTo(pointer(VALUE, 0, 12));
        assertThat(alu(AluOp.SUB, true, related, number(0, 3))).isEqualTo(pointer(VALUE, -3, 9));
        EbpfState named =
                apply(state(pointer(VALUE, 4, 4), number(0, 3)), new Instruction.Alu(AluOp.ADD, true, R1, R2));
        assertThat(named.get(R2)).as("it gets a name").isEqualTo(number(0, 3, 1, 0));
        assertThat(named.get(R1)).isEqualTo(new Pointer(VALUE, Scalar.signed(4, 7), false, 0, 1, 4));
    }

    @Test
    void otherArithmeticOfPointers_givesNothing() {
        Pointer pointer = pointer(VALUE, 0, 9);
        assertThat(alu(AluOp.ADD, false, pointer, constant(1))).isEqualTo(Uninitialised.INSTANCE);
        assertThat(alu(AluOp.SUB, false, pointer, constant(1))).isEqualTo(Uninitialised.INSTANCE);
        assertThat(alu(AluOp.ADD, false, constant(1), pointer)).isEqualTo(Uninitialised.INSTANCE);
        assertThat(alu(AluOp.SUB, true, constant(1), pointer)).isEqualTo(Uninitialised.INSTANCE);
        assertThat(alu(AluOp.SUB, true, pointer, pointer)).isEqualTo(Uninitialised.INSTANCE);
        assertThat(alu(AluOp.ADD, true, pointer, pointer)).isEqualTo(Uninitialised.INSTANCE);
        assertThat(alu(AluOp.OR, true, pointer, constant(1))).isEqualTo(Uninitialised.INSTANCE);
        assertThat(alu(AluOp.ADD, true, new MapReference(1), constant(1))).isEqualTo(Uninitialised.INSTANCE);
    }

    private Value mov(boolean is64, int signBits, Value source) {
        return apply(state(constant(0), source), new Instruction.Mov(is64, signBits, R1, R2))
                .get(R1);
    }

    @Test
    void moves_copyCutAndExtend() {
        EbpfState copied = apply(state(constant(0), number(0, 9)), new Instruction.Mov(true, 0, R1, R2));
        assertThat(copied.get(R1)).isEqualTo(number(0, 9, 1, 0)).isEqualTo(copied.get(R2));
        assertThat(mov(true, 0, pointer(VALUE, 4, 4))).isEqualTo(pointer(VALUE, 4, 4));
        assertThat(mov(true, 0, Uninitialised.INSTANCE)).isEqualTo(Uninitialised.INSTANCE);
        EbpfState whole = apply(state(constant(0), number(0, 9)), new Instruction.Mov(false, 0, R1, R2));
        assertThat(whole.get(R1)).as("below 2^32").isEqualTo(number(0, 9, 1, 0)).isEqualTo(whole.get(R2));
        assertThat(mov(false, 0, constant(-1))).isEqualTo(constant(0xFFFF_FFFFL));
        assertThat(mov(false, 0, number(-1, 9))).isInstanceOfSatisfying(Numeric.class, n -> {
            assertThat(n.symbol()).isZero();
            assertThat(n.scalar().contains(0xFFFF_FFFFL) && n.scalar().contains(9))
                    .isTrue();
            assertThat(n.scalar().contains(-1) || n.scalar().contains(10)).isFalse();
        });
        assertThat(mov(false, 0, pointer(VALUE, 4, 4))).isEqualTo(Uninitialised.INSTANCE);
        assertThat(mov(true, 8, constant(0x1FF))).isEqualTo(constant(-1));
        assertThat(mov(true, 32, constant(0xFFFF_FFFFL))).isEqualTo(constant(-1));
        assertThat(mov(false, 8, constant(0x1FF))).isEqualTo(constant(0xFFFF_FFFFL));
        assertThat(mov(false, 16, constant(0x8000))).isEqualTo(constant(0xFFFF_8000L));
        assertThat(mov(true, 16, pointer(VALUE, 4, 4))).isEqualTo(Uninitialised.INSTANCE);
        assertThat(immediate(true, -1)).isEqualTo(constant(-1));
        assertThat(immediate(false, -1)).isEqualTo(constant(0xFFFF_FFFFL));
    }

    private Value immediate(boolean is64, int value) {
        return apply(state(constant(0), constant(0)), new Instruction.Mov(is64, 0, R1, new Immediate(value)))
                .get(R1);
    }

    @Test
    void negationAndByteSwaps_areThoseOfTheMachine() {
        EbpfState state = state(constant(5), number(1, 2));
        assertThat(apply(state, new Instruction.Neg(true, R1)).get(R1)).isEqualTo(constant(-5));
        assertThat(apply(state, new Instruction.Neg(false, R1)).get(R1)).isEqualTo(constant(5));
        assertThat(apply(state, new Instruction.Neg(true, R2)).get(R2)).isEqualTo(number(-2, -1));
        assertThat(apply(state, new Instruction.Neg(false, R1)).get(R1)).isEqualTo(constant(0xFFFF_FFFBL));
        assertThat(apply(state(pointer(VALUE, 0, 0), constant(0)), new Instruction.Neg(true, R1))
                        .get(R1))
                .isEqualTo(Uninitialised.INSTANCE);
        long value = 0x0102_0304_0506_0708L;
        for (ByteSwapKind kind : ByteSwapKind.values()) {
            for (int bits : new int[] {16, 32, 64}) {
                Instruction.ByteSwap swap = new Instruction.ByteSwap(kind, bits, R1);
                assertThat(apply(state(constant(value), constant(0)), swap).get(R1))
                        .isEqualTo(constant(MachineArithmetic.swap(swap, value)));
                assertThat(apply(state(pointer(VALUE, 0, 0), constant(0)), swap).get(R1))
                        .isEqualTo(Uninitialised.INSTANCE);
            }
        }
    }
}
