package dev.gbpf.verifier.analysis;

import static dev.gbpf.isa.Register.R0;
import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R10;
import static dev.gbpf.isa.Register.R2;
import static dev.gbpf.isa.Register.R3;
import static dev.gbpf.isa.Register.R4;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.platform.ProgramType;
import org.junit.jupiter.api.Test;

/** What loads, stores and atomic operations make of a state. */
class MemoryTransformerTest extends TransformerFixture {
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
}
