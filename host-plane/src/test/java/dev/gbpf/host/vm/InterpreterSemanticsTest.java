package dev.gbpf.host.vm;

import static dev.gbpf.host.vm.Engines.checked;
import static dev.gbpf.host.vm.Engines.fast;
import static dev.gbpf.host.vm.Engines.program;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.math.BigInteger;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Both engines against {@link RfcEvaluator}. */
class InterpreterSemanticsTest {
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
    void counter_everyCondition_asUnmerged(@ForAll Random random) {
        long a = RandomPrograms.number(random);
        int addend = random.nextBoolean() ? random.nextInt(16) - 8 : (int) RandomPrograms.number(random);
        long b = random.nextInt(3) == 0 ? a + addend : RandomPrograms.number(random);
        int imm = (int) b;
        for (JumpOp op : JumpOp.values()) {
            for (boolean byRegister : new boolean[] {true, false}) {
                Program program = program(
                        new Instruction.LoadImm64(Register.R0, a),
                        new Instruction.LoadImm64(Register.R3, b),
                        new Instruction.Alu(AluOp.ADD, true, Register.R0, new Immediate(addend)),
                        new Instruction.CondJump(
                                op, true, Register.R0, byRegister ? Register.R3 : new Immediate(imm), (short) 1),
                        new Instruction.Neg(true, Register.R0),
                        new Instruction.Exit());
                assertThat(fast(program))
                        .as("%s", program.instructions())
                        .isEqualTo(new RfcEvaluator(0, 0).run(program));
            }
        }
    }

    @Property
    void randomProgram_bothEngines_asRfcSays(@ForAll long seed) {
        Program program = RandomPrograms.of(seed);
        long expected = new RfcEvaluator(0, 0).run(program);
        assertThat(checked(program)).as("checked %s", program.instructions()).isEqualTo(expected);
        assertThat(fast(program)).as("fast %s", program.instructions()).isEqualTo(expected);
    }

    private static void assertBoth(long expected, Instruction... instructions) {
        Program program = program(instructions);
        assertThat(fast(program)).as("fast %s", program.instructions()).isEqualTo(expected);
        assertThat(checked(program)).as("checked %s", program.instructions()).isEqualTo(expected);
    }
}
