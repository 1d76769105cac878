package dev.gbpf.host.vm;

import static dev.gbpf.host.vm.Engines.checked;
import static dev.gbpf.host.vm.Engines.compiled;
import static dev.gbpf.host.vm.Engines.fast;
import static dev.gbpf.host.vm.Engines.inChunks;
import static dev.gbpf.host.vm.Engines.program;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Interpreters against {@link RfcEvaluator}, and programs that are hard for one of the engines in all of them. */
class EngineSemanticsTest {
    @Property(tries = 50)
    void alu_everyOperation_asRfcSays(@ForAll Random random) {
        long a = RandomPrograms.number(random);
        long b = RandomPrograms.number(random);
        int imm = (int) b;
        for (AluOp op : AluOp.values()) {
            for (boolean is64 : new boolean[] {true, false}) {
                int bits = is64 ? 64 : 32;
                long byRegister = RfcEvaluator.alu(op, bits, BigInteger.valueOf(a), BigInteger.valueOf(b))
                        .longValue();
                long byImmediate = RfcEvaluator.alu(op, bits, BigInteger.valueOf(a), BigInteger.valueOf(imm))
                        .longValue();
                assertBoth(
                        byRegister,
                        new Instruction.LoadImm64(Register.R0, a),
                        new Instruction.LoadImm64(Register.R3, b),
                        new Instruction.Alu(op, is64, Register.R0, Register.R3),
                        new Instruction.Exit());
                assertBoth(
                        byImmediate,
                        new Instruction.LoadImm64(Register.R0, a),
                        new Instruction.Alu(op, is64, Register.R0, new Immediate(imm)),
                        new Instruction.Exit());
            }
        }
    }

    @Property(tries = 50)
    void jump_everyCondition_asRfcSays(@ForAll Random random) {
        long a = RandomPrograms.number(random);
        long b = random.nextInt(3) == 0 ? a : RandomPrograms.number(random);
        int imm = (int) b;
        for (JumpOp op : JumpOp.values()) {
            for (boolean is64 : new boolean[] {true, false}) {
                int bits = is64 ? 64 : 32;
                boolean byRegister = RfcEvaluator.test(op, bits, BigInteger.valueOf(a), BigInteger.valueOf(b));
                boolean byImmediate = RfcEvaluator.test(op, bits, BigInteger.valueOf(a), BigInteger.valueOf(imm));
                assertBoth(
                        byRegister ? 1 : 2,
                        new Instruction.LoadImm64(Register.R4, a),
                        new Instruction.LoadImm64(Register.R3, b),
                        new Instruction.CondJump(op, is64, Register.R4, Register.R3, (short) 2),
                        new Instruction.Mov(true, 0, Register.R0, new Immediate(2)),
                        new Instruction.Exit(),
                        new Instruction.Mov(true, 0, Register.R0, new Immediate(1)),
                        new Instruction.Exit());
                assertBoth(
                        byImmediate ? 1 : 2,
                        new Instruction.LoadImm64(Register.R4, a),
                        new Instruction.CondJump(op, is64, Register.R4, new Immediate(imm), (short) 2),
                        new Instruction.Mov(true, 0, Register.R0, new Immediate(2)),
                        new Instruction.Exit(),
                        new Instruction.Mov(true, 0, Register.R0, new Immediate(1)),
                        new Instruction.Exit());
            }
        }
    }

    @Property(tries = 50)
    void counter_everyCondition_asRfcSays(@ForAll Random random) {
        long a = RandomPrograms.number(random);
        int addend = random.nextBoolean() ? random.nextInt(16) - 8 : (int) RandomPrograms.number(random);
        long b = random.nextInt(3) == 0 ? a + addend : RandomPrograms.number(random);
        int imm = (int) b;
        for (JumpOp op : JumpOp.values()) {
            for (boolean is64 : new boolean[] {true, false}) {
                for (Operand right : new Operand[] {Register.R3, Register.R0, new Immediate(imm)}) {
                    // The first jump leads to the counting jump itself, past the addition, when a is odd.
                    Program program = program(
                            new Instruction.LoadImm64(Register.R0, a),
                            new Instruction.LoadImm64(Register.R3, b),
                            new Instruction.CondJump(JumpOp.SET, true, Register.R0, new Immediate(1), (short) 1),
                            new Instruction.Alu(AluOp.ADD, is64, Register.R0, new Immediate(addend)),
                            new Instruction.CondJump(op, is64, Register.R0, right, (short) 1),
                            new Instruction.Neg(true, Register.R0),
                            new Instruction.Exit());
                    assertBoth(new RfcEvaluator(0, 0).run(program), program);
                }
            }
        }
    }

    @Test
    void jump_betweenMoveAndItsOperation_skipsTheMove() {
        Program program = program(
                new Instruction.Mov(true, 0, Register.R0, new Immediate(5)),
                new Instruction.Mov(true, 0, Register.R1, new Immediate(100)),
                new Instruction.CondJump(JumpOp.EQ, true, Register.R1, new Immediate(100), (short) 1),
                new Instruction.Mov(true, 0, Register.R0, Register.R1),
                new Instruction.Alu(AluOp.ADD, true, Register.R0, new Immediate(1)),
                new Instruction.Exit());
        assertAll(6, program);
    }

    @Test
    void moveOfLowHalf_beforeOperationOnAll_isNotMerged() {
        assertAll(
                0xFFFF_FFFEL + 1,
                program(
                        new Instruction.LoadImm64(Register.R1, 0x7_FFFF_FFFEL),
                        new Instruction.Mov(false, 0, Register.R0, Register.R1),
                        new Instruction.Alu(AluOp.ADD, true, Register.R0, new Immediate(1)),
                        new Instruction.Exit()));
    }

    @Test
    void constant_thatLooksLikeAnOperation_isNotMerged() {
        // The second word of the load reads as a move to r0, or an addition to it.
        for (long constant : new long[] {
            MicroOp.of(MicroOp.MOV64, 0, 3, 0, 1), MicroOp.of(MicroOp.ALU64_IMM + MicroOp.ADD, 0, 0, 0, 1)
        }) {
            assertAll(
                    -constant,
                    new Instruction.LoadImm64(Register.R0, constant),
                    new Instruction.Neg(true, Register.R0),
                    new Instruction.Exit());
            assertAll(
                    constant,
                    new Instruction.LoadImm64(Register.R0, constant),
                    new Instruction.CondJump(JumpOp.EQ, true, Register.R0, new Immediate(0), (short) 0),
                    new Instruction.Exit());
        }
    }

    @Test
    void jump_overMoreThan16Bits_arrives() {
        List<Instruction> instructions = new ArrayList<>();
        instructions.add(new Instruction.Mov(true, 0, Register.R0, new Immediate(1)));
        instructions.add(new Instruction.Jump(40_000, true));
        for (int i = 0; i < 40_000; i++) {
            instructions.add(new Instruction.Alu(AluOp.ADD, true, Register.R0, new Immediate(1)));
        }
        instructions.add(new Instruction.CondJump(JumpOp.NE, true, Register.R0, new Immediate(1), (short) 1));
        instructions.add(new Instruction.Jump(-20_002, true));
        instructions.add(new Instruction.Exit());
        assertAll(20_001, new Program(instructions));
    }

    @Property
    void randomProgram_bothInterpreters_asRfcSays(@ForAll long seed) {
        Program program = RandomPrograms.of(seed);
        assertBoth(new RfcEvaluator(0, 0).run(program), program);
    }

    private static void assertAll(long expected, Instruction... instructions) {
        assertAll(expected, program(instructions));
    }

    private static void assertAll(long expected, Program program) {
        assertBoth(expected, program);
        assertThat(compiled(program))
                .as(() -> "compiled " + program.instructions())
                .isEqualTo(expected);
        assertThat(inChunks(program))
                .as(() -> "in chunks " + program.instructions())
                .isEqualTo(expected);
    }

    private static void assertBoth(long expected, Instruction... instructions) {
        assertBoth(expected, program(instructions));
    }

    private static void assertBoth(long expected, Program program) {
        assertThat(checked(program))
                .as(() -> "checked " + program.instructions())
                .isEqualTo(expected);
        assertThat(fast(program)).as(() -> "fast " + program.instructions()).isEqualTo(expected);
    }
}
