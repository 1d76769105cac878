package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.domain.Scalar;

/** States and values to try instructions on. */
abstract class TransformerFixture {
    static final Region VALUE = Region.MapValue.value(Fixture.HASH, Fixture.MAPS.get(Fixture.HASH));
    static final Region.Stack STACK = new Region.Stack(0);

    int index;

    private static EbpfTransformer transformer() {
        return new EbpfTransformer(Fixture.MAPS, Fixture.TYPE, 10_000);
    }

    private final EbpfTransformer transformer = transformer();

    static EbpfState state(Value r1, Value r2) {
        return EbpfState.atEntry(r1, r2);
    }

    static Numeric number(long min, long max) {
        return Numeric.of(Scalar.signed(min, max));
    }

    static Numeric number(long min, long max, int symbol, long delta) {
        return new Numeric(Scalar.signed(min, max), symbol, delta);
    }

    static Numeric constant(long value) {
        return Numeric.of(Scalar.constant(value));
    }

    static Pointer pointer(Region region, long min, long max) {
        return Pointer.at(region, Scalar.signed(min, max));
    }

    EbpfState apply(EbpfState state, Instruction instruction) {
        transformer.apply(state, instruction, index++);
        return state;
    }
}
