package dev.gbpf.verifier.analysis;

import static dev.gbpf.isa.Register.R0;
import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R10;
import static dev.gbpf.isa.Register.R2;
import static dev.gbpf.isa.Register.R3;
import static dev.gbpf.isa.Register.R4;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.platform.ProgramType;
import dev.gbpf.verifier.testkit.MachineArithmetic;
import org.junit.jupiter.api.Test;

/** What each instruction makes of a state. */
class EbpfTransformerTest {
    private static final Region VALUE = Region.MapValue.value(Fixture.HASH, Fixture.MAPS.get(Fixture.HASH));
    private static final Region.Stack STACK = new Region.Stack(0);

    private int index;

    private static EbpfTransformer transformer() {
        return new EbpfTransformer(Fixture.MAPS, Fixture.TYPE, 10_000);
    }

    private final EbpfTransformer transformer = transformer();

    private static EbpfState state(Value r1, Value r2) {
        return EbpfState.atEntry(r1, r2);
    }

    private static Numeric number(long min, long max) {
        return Numeric.of(Scalar.signed(min, max));
    }

    private static Numeric number(long min, long max, int symbol, long delta) {
        return new Numeric(Scalar.signed(min, max), symbol, delta);
    }

    private static Numeric constant(long value) {
        return Numeric.of(Scalar.constant(value));
    }

    private static Pointer pointer(Region region, long min, long max) {
        return Pointer.at(region, Scalar.signed(min, max));
    }

    private EbpfState apply(EbpfState state, Instruction instruction) {
        transformer.apply(state, instruction, index++);
        return state;
    }

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

    @Test
    void loadsOfConstants_giveNumbersMapsAndAddresses() {
        EbpfState state = state(constant(0), constant(0));
        assertThat(apply(state, new Instruction.LoadImm64(R1, 1L << 40)).get(R1))
                .isEqualTo(constant(1L << 40));
        assertThat(apply(state, new Instruction.LoadPseudo(PseudoKind.MAP_BY_FD, R1, 2, 0))
                        .get(R1))
                .isEqualTo(new MapReference(2));
        assertThat(apply(state, new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, R1, 1, 0))
                        .get(R1))
                .isEqualTo(new MapReference(1));
        Pointer area = pointer(Region.MapValue.area(Fixture.ARRAY, Fixture.MAPS.get(Fixture.ARRAY)), 20, 20);
        for (PseudoKind kind : new PseudoKind[] {PseudoKind.MAP_VALUE_BY_FD, PseudoKind.MAP_VALUE_BY_INDEX}) {
            assertThat(apply(state, new Instruction.LoadPseudo(kind, R1, Fixture.ARRAY, 20))
                            .get(R1))
                    .isEqualTo(area);
        }
        assertThat(apply(state, new Instruction.LoadPseudo(PseudoKind.VARIABLE, R1, 1, 0))
                        .get(R1))
                .isEqualTo(Uninitialised.INSTANCE);
    }

    private Value load(Width width, boolean signExtend, Value base, int offset) {
        return apply(state(base, constant(0)), new Instruction.Load(width, signExtend, R2, R1, (short) offset))
                .get(R2);
    }

    @Test
    void loadsOfMemoryThatIsNotTracked_giveAnyNumberOfTheirWidth() {
        for (Region region :
                new Region[] {VALUE, new Region.RawMemory(64), new Region.ReservedRecord(6, "ring", 8, 1)}) {
            for (Width width : Width.values()) {
                assertThat(load(width, false, pointer(region, 0, 0), 0))
                        .isEqualTo(Numeric.of(Scalar.ofBits(width.bits())));
            }
        }
        assertThat(load(Width.B, true, pointer(VALUE, 0, 0), 0)).isEqualTo(number(-128, 127));
        assertThat(load(Width.B, false, constant(7), 0)).isEqualTo(Uninitialised.INSTANCE);
        assertThat(load(Width.B, true, constant(7), 0)).isEqualTo(Uninitialised.INSTANCE);
    }

    @Test
    void loadsOfConstantMaps_giveTheirContents() {
        Region constants = Region.MapValue.area(Fixture.CONSTANTS, Fixture.MAPS.get(Fixture.CONSTANTS));
        assertThat(load(Width.B, false, pointer(constants, 0, 0), 0)).isEqualTo(constant(5));
        assertThat(load(Width.B, false, pointer(constants, 4, 4), 0)).isEqualTo(constant(0xFF));
        assertThat(load(Width.B, true, pointer(constants, 2, 2), 2)).isEqualTo(constant(-1));
        assertThat(load(Width.H, false, pointer(constants, 4, 4), -4)).isEqualTo(constant(0x105));
        assertThat(load(Width.B, false, pointer(constants, 0, 4), 0)).isEqualTo(Numeric.of(Scalar.ofBits(8)));
        assertThat(load(Width.B, false, pointer(constants, 0, 0), -1))
                .as("outside")
                .isEqualTo(Numeric.of(Scalar.ofBits(8)));
        Region writable = Region.MapValue.area(Fixture.ARRAY, Fixture.MAPS.get(Fixture.ARRAY));
        assertThat(load(Width.B, false, pointer(writable, 0, 0), 0)).isEqualTo(Numeric.of(Scalar.ofBits(8)));
    }

    @Test
    void loadsOfTheContext_giveTheRangesThatThePlanePromises() {
        EbpfTransformer submit = new EbpfTransformer(Fixture.MAPS, ProgramType.of(Hook.SM_TICK), 100);
        var layout = Hook.SM_TICK.context();
        int i = 0;
        for (var field : layout.fields()) {
            EbpfState state = state(pointer(new Region.Context(), 8, 8), constant(0));
            Instruction load = new Instruction.Load(field.width(), false, R2, R1, (short) (field.offset() - 8));
            submit.apply(state, load, i++);
            Scalar expected =
                    field.writable() ? Scalar.ofBits(field.width().bits()) : Scalar.unsigned(field.min(), field.max());
            assertThat(state.get(R2)).as(field.name()).isEqualTo(Numeric.of(expected));
        }
        EbpfState part = state(pointer(new Region.Context(), 0, 0), constant(0));
        submit.apply(part, new Instruction.Load(Width.W, false, R2, R1, (short) 0), i++);
        assertThat(part.get(R2)).as("part of a field").isEqualTo(Numeric.of(Scalar.ofBits(32)));
        EbpfState anywhere = state(pointer(new Region.Context(), 0, 8), constant(0));
        submit.apply(anywhere, new Instruction.Load(Width.DW, false, R2, R1, (short) 0), i);
        assertThat(anywhere.get(R2)).isEqualTo(Numeric.of(Scalar.ofBits(64)));
    }

    private EbpfState stored(Width width, int offset, Value value) {
        EbpfState state = state(pointer(STACK, 0, 0), value);
        return apply(state, new Instruction.Store(width, R1, (short) offset, R2));
    }

    @Test
    void storesToTheStack_areReadBackWithTheirRelation() {
        EbpfState state = stored(Width.DW, -8, number(0, 9));
        assertThat(state.get(R2)).isEqualTo(number(0, 9, 1, 0));
        assertThat(state.stack(0, -8, 8)).isEqualTo(number(0, 9, 1, 0));
        assertThat(apply(state, new Instruction.Load(Width.DW, false, R3, R10, (short) -8))
                        .get(R3))
                .isEqualTo(number(0, 9, 1, 0));
        assertThat(apply(state, new Instruction.Load(Width.W, false, R3, R10, (short) -8))
                        .get(R3))
                .isEqualTo(number(0, 9));
        assertThat(apply(state, new Instruction.Load(Width.W, true, R3, R10, (short) -8))
                        .get(R3))
                .isEqualTo(number(0, 9));
        EbpfState narrow = stored(Width.B, -3, number(0, 9));
        assertThat(narrow.stack(0, -3, 1)).isEqualTo(number(0, 9, 1, 0));
        assertThat(narrow.stack(0, -4, 1)).isEqualTo(Uninitialised.INSTANCE);
        EbpfState immediate = state(pointer(STACK, -8, -8), constant(0));
        apply(immediate, new Instruction.Store(Width.DW, R1, (short) 0, new Immediate(-1)));
        assertThat(immediate.stack(0, -8, 8)).isEqualTo(constant(-1));
        EbpfState spilled = stored(Width.DW, -16, pointer(VALUE, 4, 4));
        assertThat(spilled.stack(0, -16, 8)).isEqualTo(pointer(VALUE, 4, 4));
    }

    @Test
    void loadOfAWholeValue_namesItWhereItLies() {
        EbpfState state = state(pointer(STACK, -8, -8), constant(0));
        state.setFrame(0, state.frame(0).write(504, 8, number(0, 9)).write(496, 4, number(0, 9)));
        assertThat(apply(state, new Instruction.Load(Width.DW, false, R3, R1, (short) 0))
                        .get(R3))
                .isEqualTo(number(0, 9, 1, 0));
        assertThat(state.stack(0, -8, 8)).isEqualTo(number(0, 9, 1, 0));
        assertThat(apply(state, new Instruction.Load(Width.W, false, R4, R1, (short) -8))
                        .get(R4))
                .isEqualTo(number(0, 9, 2, 0));
        assertThat(state.stack(0, -16, 4)).isEqualTo(number(0, 9, 2, 0));
        assertThat(apply(state, new Instruction.Load(Width.H, false, R4, R1, (short) 0))
                        .get(R4))
                .isEqualTo(number(0, 9));
        assertThat(apply(state, new Instruction.Load(Width.DW, false, R4, R1, (short) -4))
                        .get(R4))
                .as("not all of it is written")
                .isEqualTo(Uninitialised.INSTANCE);
        assertThat(apply(state, new Instruction.Load(Width.DW, false, R4, R1, (short) 8))
                        .get(R4))
                .as("outside")
                .isEqualTo(Uninitialised.INSTANCE);
    }

    @Test
    void storesAnywhere_forgetValuesAndMakeNothingReadable() {
        EbpfState state = state(pointer(STACK, -16, -8), constant(7));
        state.setFrame(0, state.frame(0).write(496, 8, constant(1)).write(480, 8, constant(2)));
        apply(state, new Instruction.Store(Width.B, R1, (short) 0, R2));
        assertThat(state.stack(0, -16, 8)).isEqualTo(Numeric.of(Scalar.ANY));
        assertThat(state.stack(0, -8, 1)).isEqualTo(Uninitialised.INSTANCE);
        assertThat(state.stack(0, -32, 8)).isEqualTo(constant(2));
        assertThat(apply(state, new Instruction.Load(Width.B, false, R3, R1, (short) 0))
                        .get(R3))
                .isEqualTo(Numeric.of(Scalar.ofBits(8)));
        EbpfState elsewhere = state(pointer(VALUE, 0, 0), constant(7));
        apply(elsewhere, new Instruction.Store(Width.B, R1, (short) 0, R2));
        assertThat(elsewhere.frame(0)).isSameAs(StackFrame.EMPTY);
        EbpfState outside = state(pointer(STACK, 0, 0), constant(7));
        apply(outside, new Instruction.Store(Width.B, R1, (short) 0, R2));
        apply(outside, new Instruction.Store(Width.B, R2, (short) 0, R2));
        assertThat(outside.frame(0)).isSameAs(StackFrame.EMPTY);
    }

    private EbpfState atomic(AtomicOp op, boolean is64, boolean fetch, Value base) {
        EbpfState state = state(base, constant(7));
        state.setFrame(0, state.frame(0).write(504, 8, constant(1)));
        return apply(state, new Instruction.Atomic(op, is64, fetch, R1, (short) -8, R2));
    }

    @Test
    void atomics_forgetWhatWasThereAndGiveAnyNumber() {
        EbpfState added = atomic(AtomicOp.ADD, true, false, pointer(STACK, 0, 0));
        assertThat(added.stack(0, -8, 8)).isEqualTo(Numeric.of(Scalar.ANY));
        assertThat(added.get(R2)).isEqualTo(constant(7));
        assertThat(atomic(AtomicOp.ADD, true, true, pointer(STACK, 0, 0)).get(R2))
                .isEqualTo(Numeric.of(Scalar.ANY));
        EbpfState narrow = atomic(AtomicOp.XCHG, false, true, pointer(STACK, 4, 4));
        assertThat(narrow.get(R2)).isEqualTo(Numeric.of(Scalar.ofBits(32)));
        assertThat(narrow.stack(0, -8, 8)).isEqualTo(Numeric.of(Scalar.ANY));
        EbpfState compared = atomic(AtomicOp.CMPXCHG, false, true, pointer(STACK, 0, 0));
        assertThat(compared.get(R0)).isEqualTo(Numeric.of(Scalar.ofBits(32)));
        assertThat(compared.get(R2)).isEqualTo(constant(7));
        EbpfState elsewhere = atomic(AtomicOp.ADD, true, true, pointer(VALUE, 8, 8));
        assertThat(elsewhere.stack(0, -8, 8)).isEqualTo(constant(1));
        EbpfState outside = atomic(AtomicOp.ADD, true, false, pointer(STACK, 8, 8));
        assertThat(outside.stack(0, -8, 8)).isEqualTo(constant(1));
        EbpfState below = atomic(AtomicOp.ADD, true, false, pointer(STACK, -8, -8));
        assertThat(below.stack(0, -8, 8)).isEqualTo(constant(1));
    }

    private EbpfState call(EbpfState state, Helper helper) {
        return apply(state, new Instruction.CallHelper(helper.id()));
    }

    @Test
    void calls_takeTheArgumentsAndGiveAResultInItsRange() {
        EbpfState state = call(state(constant(1), constant(2)), Helper.KTIME_GET_NS);
        assertThat(state.get(R0)).isEqualTo(Numeric.of(Scalar.signed(0, Long.MAX_VALUE)));
        for (int i = 1; i <= 5; i++) {
            assertThat(state.get(Register.of(i))).isEqualTo(Uninitialised.INSTANCE);
        }
        assertThat(state.get(R10)).isEqualTo(pointer(STACK, 0, 0));
        EbpfState any = state(constant(1), constant(2));
        new EbpfTransformer(Fixture.MAPS, Fixture.TYPE.withAnyResults(), 10)
                .apply(any, new Instruction.CallHelper(Helper.KTIME_GET_NS.id()), 0);
        assertThat(any.get(R0)).isEqualTo(Numeric.of(Scalar.ANY));
        EbpfState unknown = apply(state(constant(1), constant(2)), new Instruction.CallHelper(77_777));
        assertThat(unknown.get(R0)).isEqualTo(Uninitialised.INSTANCE);
        assertThat(unknown.get(R1)).isEqualTo(Uninitialised.INSTANCE);
    }

    private Value lookup(int map, Value key) {
        EbpfState state = state(new MapReference(map), pointer(STACK, -8, -8));
        state.setFrame(0, state.frame(0).write(504, 4, key));
        return call(state, Helper.MAP_LOOKUP_ELEM).get(R0);
    }

    @Test
    void lookups_giveAValueThatMayBeNull() {
        Pointer orNull = new Pointer(VALUE, Scalar.constant(0), true, 1, 0, 0);
        assertThat(lookup(Fixture.HASH, constant(0))).isEqualTo(orNull);
        Region element = Region.MapValue.value(Fixture.ARRAY, Fixture.MAPS.get(Fixture.ARRAY));
        assertThat(lookup(Fixture.ARRAY, number(0, 3))).as("an element").isEqualTo(Pointer.to(element));
        assertThat(lookup(Fixture.ARRAY, number(0, 4)))
                .isEqualTo(new Pointer(element, Scalar.constant(0), true, 1, 0, 0));
        EbpfState anywhere = state(new MapReference(Fixture.ARRAY), pointer(STACK, -8, -4));
        anywhere.setFrame(0, anywhere.frame(0).write(504, 4, constant(0)));
        assertThat(call(anywhere, Helper.MAP_LOOKUP_ELEM).get(R0))
                .isEqualTo(new Pointer(element, Scalar.constant(0), true, 1, 0, 0));
        EbpfState elsewhere = state(new MapReference(Fixture.ARRAY), pointer(VALUE, 0, 0));
        assertThat(call(elsewhere, Helper.MAP_LOOKUP_ELEM).get(R0))
                .isEqualTo(new Pointer(element, Scalar.constant(0), true, 1, 0, 0));
        EbpfState outside = state(new MapReference(Fixture.ARRAY), pointer(STACK, 0, 0));
        assertThat(call(outside, Helper.MAP_LOOKUP_ELEM).get(R0))
                .isEqualTo(new Pointer(element, Scalar.constant(0), true, 1, 0, 0));
        assertThat(call(state(constant(0), constant(0)), Helper.MAP_LOOKUP_ELEM).get(R0))
                .isEqualTo(Uninitialised.INSTANCE);
    }

    @Test
    void pop_fillsItsMemory() {
        EbpfState state = state(new MapReference(Fixture.QUEUE), pointer(STACK, -20, -20));
        state.setFrame(0, state.frame(0).write(504, 8, constant(1)));
        call(state, Helper.MAP_POP_ELEM);
        for (int at = -20; at < -8; at++) {
            assertThat(state.stack(0, at, 1)).as("byte %d", at).isEqualTo(Numeric.of(Scalar.ofBits(8)));
        }
        assertThat(state.stack(0, -21, 1)).isEqualTo(Uninitialised.INSTANCE);
        assertThat(state.stack(0, -8, 8)).isEqualTo(constant(1));
        EbpfState anywhere = state(new MapReference(Fixture.QUEUE), pointer(STACK, -24, -16));
        anywhere.setFrame(0, anywhere.frame(0).write(504, 8, constant(1)).write(472, 8, constant(2)));
        call(anywhere, Helper.MAP_POP_ELEM);
        assertThat(anywhere.stack(0, -24, 1)).isEqualTo(Uninitialised.INSTANCE);
        assertThat(anywhere.stack(0, -8, 8)).isEqualTo(Numeric.of(Scalar.ANY));
        assertThat(anywhere.stack(0, -40, 8)).isEqualTo(constant(2));
        EbpfState outside = state(new MapReference(Fixture.QUEUE), pointer(STACK, -4, -4));
        call(outside, Helper.MAP_POP_ELEM);
        assertThat(outside.frame(0)).isSameAs(StackFrame.EMPTY);
        EbpfState noMap = state(constant(0), pointer(STACK, -20, -20));
        call(noMap, Helper.MAP_POP_ELEM);
        assertThat(noMap.frame(0)).isSameAs(StackFrame.EMPTY);
    }

    @Test
    void records_areAcquiredAndReleased() {
        EbpfState state = state(new MapReference(Fixture.RING), constant(16));
        int site = index;
        call(state, Helper.RINGBUF_RESERVE);
        Region.ReservedRecord record = new Region.ReservedRecord(Fixture.RING, "ring", 16, site);
        assertThat(state.get(R0)).isEqualTo(new Pointer(record, Scalar.constant(0), true, 1, 0, 0));
        assertThat(state.references().contains(site)).isTrue();
        state.refineNull(R0, false);
        state.set(Register.R6, state.get(R0));
        state.set(R1, state.get(R0));
        state.set(R2, constant(0));
        call(state, Helper.RINGBUF_SUBMIT);
        assertThat(state.references().isEmpty()).isTrue();
        assertThat(state.get(Register.R6)).isEqualTo(Uninitialised.INSTANCE);
        EbpfState unknownSize = state(new MapReference(Fixture.RING), number(8, 16));
        assertThat(call(unknownSize, Helper.RINGBUF_RESERVE).get(R0)).isEqualTo(Uninitialised.INSTANCE);
        EbpfState noRecord = state(pointer(VALUE, 0, 0), constant(0));
        noRecord.set(Register.R6, noRecord.get(R1));
        assertThat(call(noRecord, Helper.RINGBUF_SUBMIT).get(Register.R6)).isEqualTo(pointer(VALUE, 0, 0));
    }

    @Test
    void operands_areRegistersAndSignExtendedNumbers() {
        EbpfState state = state(number(0, 9), constant(0));
        Operand register = R1;
        assertThat(EbpfTransformer.operand(state, register)).isEqualTo(number(0, 9));
        assertThat(EbpfTransformer.operand(state, new Immediate(-1))).isEqualTo(constant(-1));
    }

    @Test
    void instructionsThatEndBlocks_changeNothing() {
        EbpfState state = state(number(0, 9), constant(0));
        String before = state.toString();
        apply(state, new Instruction.Jump(1, false));
        apply(state, new Instruction.CondJump(JumpOp.EQ, true, R1, R2, (short) 1));
        apply(state, new Instruction.CallLocal(1));
        apply(state, new Instruction.Exit());
        assertThat(state.toString()).isEqualTo(before);
    }
}
