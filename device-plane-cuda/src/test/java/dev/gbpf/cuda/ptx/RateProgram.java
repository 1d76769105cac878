package dev.gbpf.cuda.ptx;

import static dev.gbpf.isa.Register.R0;
import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R2;
import static dev.gbpf.isa.Register.R3;
import static dev.gbpf.isa.Register.R4;
import static dev.gbpf.isa.Register.R5;
import static dev.gbpf.isa.Register.R6;
import static dev.gbpf.isa.Register.R7;
import static dev.gbpf.isa.Register.R8;

import dev.gbpf.abi.Helper;
import dev.gbpf.cuda.vm.MicroOpEncoder;
import dev.gbpf.cuda.vm.NoMaps;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the program of {@code docs/bench/device-tier1}: 18 instructions, of which two are multiplications by constants that take one more to
 * load. It decides about two numbers, r1 and r2; as machine code r2 is the clock, which comes in a register too.
 *
 * <pre>
 * RateProgram FOLDER     policy.ptx and policy.ops
 * </pre>
 */
public final class RateProgram {
    private RateProgram() {}

    private static Instruction mov(Register to, Operand from) {
        return new Instruction.Mov(true, 0, to, from);
    }

    private static Instruction alu(AluOp op, Register to, Operand by) {
        return new Instruction.Alu(op, true, to, by);
    }

    private static List<Instruction> decision() {
        return List.of(
                mov(R3, R1),
                new Instruction.LoadImm64(R8, 0x9E37_79B1L),
                alu(AluOp.MUL, R3, R8),
                mov(R4, R2),
                alu(AluOp.RSH, R4, new Immediate(3)),
                alu(AluOp.XOR, R3, R4),
                mov(R4, R3),
                alu(AluOp.RSH, R4, new Immediate(15)),
                alu(AluOp.XOR, R3, R4),
                new Instruction.LoadImm64(R8, 0x85EB_CA77L),
                alu(AluOp.MUL, R3, R8),
                mov(R5, R3),
                alu(AluOp.AND, R5, new Immediate(255)),
                mov(R6, R2),
                alu(AluOp.AND, R6, new Immediate(255)),
                mov(R0, new Immediate(8)),
                new Instruction.CondJump(JumpOp.GE, true, R5, R6, (short) 3),
                mov(R0, R3),
                alu(AluOp.RSH, R0, new Immediate(8)),
                alu(AluOp.AND, R0, new Immediate(7)),
                new Instruction.Exit());
    }

    /** Writes the files. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<Instruction> withClock = new ArrayList<>(
                List.of(mov(R7, R1), new Instruction.CallHelper(Helper.KTIME_GET_NS.id()), mov(R2, R0), mov(R1, R7)));
        withClock.addAll(decision());
        Files.writeString(
                folder.resolve("policy.ptx"),
                new PtxModule().add("rate", new Program(withClock), Map.of()).text());
        long[] words =
                MicroOpEncoder.encode(new Program(decision()), NoMaps.NO_MAPS).words();
        ByteBuffer operations = ByteBuffer.allocate(Long.BYTES * words.length).order(ByteOrder.LITTLE_ENDIAN);
        operations.asLongBuffer().put(words);
        Files.write(folder.resolve("policy.ops"), operations.array());
    }
}
