package dev.gbpf.host.vm;

import static dev.gbpf.host.vm.Engines.program;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.MapKind;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredecoderTest {
    private static final Instruction EXIT = new Instruction.Exit();

    private static List<Integer> opcodes(Instruction... instructions) {
        long[] code = Predecoder.predecode(program(instructions), List.of()).code();
        return Arrays.stream(code).mapToObj(MicroOp::opcode).toList();
    }

    private static void assertRefused(String message, List<BpfMap> maps, Instruction... instructions) {
        Program program = program(instructions);
        assertThatThrownBy(() -> Predecoder.predecode(program, maps))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void predecode_moveThenOperation_isOneMicroOperation() {
        assertThat(opcodes(
                        new Instruction.Mov(true, 0, Register.R2, Register.R10),
                        new Instruction.Alu(AluOp.ADD, true, Register.R2, new Immediate(-8)),
                        EXIT))
                .containsExactly(MicroOp.ALU64_IMM + MicroOp.ADD, MicroOp.EXIT);
    }

    @Test
    void predecode_additionThenJump_isACountingJumpBeforeTheJump() {
        assertThat(opcodes(
                        new Instruction.Alu(AluOp.ADD, false, Register.R2, new Immediate(1)),
                        new Instruction.CondJump(JumpOp.NE, false, Register.R2, new Immediate(9), (short) -2),
                        EXIT))
                .containsExactly(MicroOp.COUNT32_IMM + MicroOp.JNE, MicroOp.JUMP32_IMM + MicroOp.JNE, MicroOp.EXIT);
    }

    @Test
    void predecode_additionOfOtherWidthThenJump_staysTwo() {
        assertThat(opcodes(
                        new Instruction.Alu(AluOp.ADD, true, Register.R2, new Immediate(1)),
                        new Instruction.CondJump(JumpOp.NE, false, Register.R2, new Immediate(9), (short) -2),
                        EXIT))
                .containsExactly(MicroOp.ALU64_IMM + MicroOp.ADD, MicroOp.JUMP32_IMM + MicroOp.JNE, MicroOp.EXIT);
    }

    @Test
    void predecode_controlLeavesTheProgram_isRefused() {
        assertRefused("control can leave", List.of(), new Instruction.Mov(true, 0, Register.R0, new Immediate(0)));
        assertRefused("leads to no instruction", List.of(), new Instruction.Jump(1, false), EXIT);
        assertRefused(
                "pc=0: ", List.of(), new Instruction.CallLocal(1), new Instruction.LoadImm64(Register.R0, 1), EXIT);
        assertThatThrownBy(() -> Predecoder.predecode(new Program(List.of()), List.of()))
                .hasMessageContaining("control can leave");
    }

    @Test
    void predecode_unsupportedOrUnknown_isRefusedWithItsPlace() {
        assertRefused("no helpers by BTF id", List.of(), new Instruction.CallBtf(1), EXIT);
        assertRefused("not supported", List.of(), new Instruction.CallRegister(Register.R1), EXIT);
        try (BpfMap array = MapFactory.create(new MapDefinition("a", MapKind.ARRAY, 4, 8, 2));
                BpfMap hash = MapFactory.create(new MapDefinition("h", MapKind.HASH, 4, 8, 2))) {
            List<BpfMap> maps = List.of(array, hash);
            assertRefused(
                    "map index=2 is not below 2",
                    maps,
                    new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, Register.R1, 2, 0),
                    EXIT);
            assertRefused(
                    "offset=16 is not in the values of array map a",
                    maps,
                    new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, Register.R1, 0, 16),
                    EXIT);
            assertRefused(
                    "not in the values of hash map h",
                    maps,
                    new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, Register.R1, 1, 0),
                    EXIT);
            assertRefused(
                    "variables and code",
                    maps,
                    new Instruction.LoadPseudo(PseudoKind.VARIABLE, Register.R1, 1, 0),
                    EXIT);
        }
    }
}
