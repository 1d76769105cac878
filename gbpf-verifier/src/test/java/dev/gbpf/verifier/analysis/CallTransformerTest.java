package dev.gbpf.verifier.analysis;

import static dev.gbpf.isa.Register.R0;
import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R10;
import static dev.gbpf.isa.Register.R2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import org.junit.jupiter.api.Test;

/** What calls of helpers make of a state. */
class CallTransformerTest extends TransformerFixture {
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
}
