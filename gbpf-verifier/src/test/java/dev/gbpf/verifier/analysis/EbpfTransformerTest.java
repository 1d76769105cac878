package dev.gbpf.verifier.analysis;

import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import org.junit.jupiter.api.Test;

/** What the other instructions make of a state. */
class EbpfTransformerTest extends TransformerFixture {
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
