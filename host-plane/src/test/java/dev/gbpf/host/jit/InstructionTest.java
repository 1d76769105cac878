package dev.gbpf.host.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.testkit.ScriptedServices;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each instruction, compiled and interpreted, on numbers at the ends of ranges and random ones. */
class InstructionTest {
    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        3,
        5,
        7,
        10,
        31,
        32,
        63,
        64,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0x8000,
        0xFFFF,
        1000,
        1_000_003,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0x8000_0000L,
        0xFFFF_FFFFL,
        0x1_0000_0000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0x8040_2010_0804_0201L
    };

    private static final long[] NUMBERS =
            LongStream.concat(LongStream.of(EDGES), new Random(1).longs(10)).toArray();

    @Test
    void arithmetic_byRegister_asInterpreted() throws CodeTooLargeException {
        List<Program> programs = new ArrayList<>();
        for (boolean is64 : new boolean[] {true, false}) {
            for (AluOp op : AluOp.values()) {
                programs.add(onR0(new Instruction.Alu(op, is64, Register.R0, Register.R2)));
                programs.add(onR0(new Instruction.Alu(op, is64, Register.R0, Register.R0)));
            }
            programs.add(onR0(new Instruction.Neg(is64, Register.R0)));
            for (int bits : is64 ? new int[] {0, 8, 16, 32} : new int[] {0, 8, 16}) {
                programs.add(onR0(new Instruction.Mov(is64, bits, Register.R0, Register.R2)));
            }
        }
        for (ByteSwapKind kind : ByteSwapKind.values()) {
            for (int bits : new int[] {16, 32, 64}) {
                programs.add(onR0(new Instruction.ByteSwap(kind, bits, Register.R0)));
            }
        }
        assertSame(programs);
    }

    @Test
    void arithmetic_byImmediate_asInterpreted() throws CodeTooLargeException {
        List<Program> programs = new ArrayList<>();
        for (long number : NUMBERS) {
            Immediate imm = new Immediate((int) number);
            for (boolean is64 : new boolean[] {true, false}) {
                for (AluOp op : AluOp.values()) {
                    programs.add(onR0(new Instruction.Alu(op, is64, Register.R0, imm)));
                }
                programs.add(onR0(new Instruction.Mov(is64, 0, Register.R0, imm)));
            }
            programs.add(onR0(new Instruction.LoadImm64(Register.R0, number)));
        }
        assertSame(programs);
    }

    @Test
    void division_byManyConstants_asInterpreted() throws CodeTooLargeException {
        List<Program> programs = new ArrayList<>();
        Random random = new Random(2);
        for (int i = 0; i < 300; i++) {
            Immediate divisor = new Immediate(i < 150 ? i : random.nextInt() >> random.nextInt(31));
            for (AluOp op : List.of(AluOp.DIV, AluOp.MOD)) {
                programs.add(onR0(new Instruction.Alu(op, true, Register.R0, divisor)));
                programs.add(onR0(new Instruction.Alu(op, false, Register.R0, divisor)));
            }
        }
        assertSame(programs);
    }

    @Test
    void jump_everyCondition_asInterpreted() throws CodeTooLargeException {
        List<Program> programs = new ArrayList<>();
        for (JumpOp op : JumpOp.values()) {
            for (boolean is64 : new boolean[] {true, false}) {
                programs.add(jump(op, is64, Register.R2));
                for (long number : EDGES) {
                    programs.add(jump(op, is64, new Immediate((int) number)));
                }
            }
        }
        assertSame(programs);
    }

    @Test
    void wideConstants_moreThanThePoolHolds_areComputed() throws CodeTooLargeException {
        Random random = new Random(3);
        List<Instruction> instructions = new ArrayList<>();
        instructions.add(new Instruction.Mov(true, 0, Register.R0, Register.R1));
        for (int i = 0; i < 20_000; i++) {
            instructions.add(new Instruction.LoadImm64(Register.R3, random.nextLong()));
            instructions.add(new Instruction.Alu(AluOp.XOR, true, Register.R0, Register.R3));
            instructions.add(new Instruction.Alu(AluOp.ADD, true, Register.R0, new Immediate(random.nextInt())));
            instructions.add(new Instruction.Alu(AluOp.XOR, false, Register.R2, new Immediate(random.nextInt())));
        }
        instructions.add(new Instruction.Alu(AluOp.ADD, true, Register.R0, Register.R2));
        instructions.add(new Instruction.Exit());
        assertSame(List.of(new Program(instructions)), new long[] {0, -1, 0x1234_5678_9ABC_DEF0L});
    }

    private static Program onR0(Instruction instruction) {
        return new Program(
                List.of(new Instruction.Mov(true, 0, Register.R0, Register.R1), instruction, new Instruction.Exit()));
    }

    private static Program jump(JumpOp op, boolean is64, Operand right) {
        return new Program(List.of(
                new Instruction.Mov(true, 0, Register.R0, new Immediate(1)),
                new Instruction.CondJump(op, is64, Register.R1, right, (short) 1),
                new Instruction.Mov(true, 0, Register.R0, new Immediate(0)),
                new Instruction.Exit()));
    }

    private static void assertSame(List<Program> programs) throws CodeTooLargeException {
        assertSame(programs, NUMBERS);
    }

    /** All programs give the same in both engines, with r1 and r2 from the pairs of numbers. */
    private static void assertSame(List<Program> programs, long[] numbers) throws CodeTooLargeException {
        try (Arena arena = Arena.ofConfined()) {
            List<CompiledProgram> compiled = JitCompiler.compile(programs, List.of(), HelperLinking.DIRECT)
                    .link(List.of(), arena);
            for (int i = 0; i < programs.size(); i++) {
                InterpretedProgram interpreted = new InterpretedProgram(programs.get(i), List.of(), arena);
                for (long r1 : numbers) {
                    for (long r2 : programs.size() < 100 ? numbers : new long[] {r1}) {
                        long expected = interpreted.run(r1, r2, ScriptedServices.NONE);
                        if (compiled.get(i).run(r1, r2, ScriptedServices.NONE) != expected) {
                            assertThat(compiled.get(i).run(r1, r2, ScriptedServices.NONE))
                                    .as(
                                            "r1=%d r2=%d %s",
                                            r1, r2, programs.get(i).instructions())
                                    .isEqualTo(expected);
                        }
                    }
                }
            }
        }
    }
}
