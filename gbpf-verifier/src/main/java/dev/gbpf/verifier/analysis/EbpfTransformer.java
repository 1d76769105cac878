package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.List;

/**
 * The abstract semantics of the instructions that do not branch: what holds after one, if all that had to hold before it did.
 *
 * <p>It never fails. Where an assertion does not hold the program is rejected whatever comes out here, so the result only has
 * to keep the analysis going: usually an uninitialised value.
 */
final class EbpfTransformer {
    private final List<MapDefinition> maps;
    private final ArithmeticTransformer arithmetic;
    private final MemoryTransformer memory;
    private final CallTransformer calls;

    /**
     * A transformer.
     *
     * @param size how many instructions the program has
     */
    EbpfTransformer(List<MapDefinition> maps, ProgramType type, int size) {
        this.maps = maps;
        this.arithmetic = new ArithmeticTransformer(size);
        this.memory = new MemoryTransformer(maps, type.context());
        this.calls = new CallTransformer(maps, type.anyResults());
    }

    /** Tells whether the instructions that follow will be asked about again: whether results are worth keeping. */
    void expectAgain(boolean expected) {
        arithmetic.expectAgain(expected);
    }

    /** Changes {@code state} to what holds after {@code instruction}, the one of this index. */
    void apply(EbpfState state, Instruction instruction, int index) {
        switch (instruction) {
            case Instruction.Alu i -> state.set(i.dst(), arithmetic.arithmetic(state, i, index));
            case Instruction.Mov i -> state.set(i.dst(), ArithmeticTransformer.moved(state, i));
            case Instruction.Neg i -> state.set(i.dst(), ArithmeticTransformer.negated(state.get(i.dst()), i.is64()));
            case Instruction.ByteSwap i -> state.set(i.dst(), ArithmeticTransformer.swapped(state.get(i.dst()), i));
            case Instruction.LoadImm64 i -> state.set(i.dst(), Numeric.constant(i.value()));
            case Instruction.LoadPseudo i -> state.set(i.dst(), pseudo(i));
            case Instruction.Load i -> state.set(i.dst(), memory.loaded(state, i));
            case Instruction.Store i -> MemoryTransformer.store(state, i);
            case Instruction.Atomic i -> MemoryTransformer.atomic(state, i);
            case Instruction.CallHelper i -> calls.call(state, i, index);
            // These end blocks; what they do to a state is the matter of edges.
            case Instruction.Jump i -> {}
            case Instruction.CondJump i -> {}
            case Instruction.CallLocal i -> {}
            case Instruction.CallBtf i -> {}
            case Instruction.CallRegister i -> {}
            case Instruction.Exit i -> {}
        }
    }

    /** The value of an operand; an immediate is sign-extended. */
    static Value operand(EbpfState state, Operand operand) {
        return switch (operand) {
            case Register r -> state.get(r);
            case Immediate i -> Numeric.constant(i.value());
        };
    }

    private Value pseudo(Instruction.LoadPseudo i) {
        return switch (i.kind()) {
            case MAP_BY_FD, MAP_BY_INDEX -> new MapReference(i.imm());
            case MAP_VALUE_BY_FD, MAP_VALUE_BY_INDEX -> {
                MapDefinition map = maps.get(i.imm());
                yield Pointer.at(Region.MapValue.area(i.imm(), map), Scalar.constant(i.nextImm()));
            }
            case VARIABLE, CODE -> Uninitialised.INSTANCE;
        };
    }
}
