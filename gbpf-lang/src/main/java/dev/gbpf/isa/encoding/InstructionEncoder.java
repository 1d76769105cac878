package dev.gbpf.isa.encoding;

import dev.gbpf.isa.FieldRule;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.Alu;
import dev.gbpf.isa.Instruction.Atomic;
import dev.gbpf.isa.Instruction.ByteSwap;
import dev.gbpf.isa.Instruction.CallBtf;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CallRegister;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Instruction.Load;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.Instruction.Mov;
import dev.gbpf.isa.Instruction.Neg;
import dev.gbpf.isa.Instruction.Store;
import dev.gbpf.isa.Opcode;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Programs to bytes. Every instruction has exactly one encoding, so encoding cannot fail. */
public final class InstructionEncoder {
    private InstructionEncoder() {}

    /** The encoding of a program: {@code 8 * program.slots()} bytes. */
    public static byte[] encode(Program program) {
        ByteBuffer out = ByteBuffer.allocate(program.slots() * Slot.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction instruction : program.instructions()) {
            encode(instruction, out);
        }
        return out.array();
    }

    /** The encoding of one instruction: 8 or 16 bytes. */
    public static byte[] encode(Instruction instruction) {
        ByteBuffer out = ByteBuffer.allocate(instruction.slots() * Slot.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        encode(instruction, out);
        return out.array();
    }

    private static void encode(Instruction instruction, ByteBuffer out) {
        Opcode opcode = Opcode.of(instruction);
        Slot used = usedFields(instruction);
        new Slot(
                        opcode.code(),
                        opcode.dst().fill(used.dst()),
                        opcode.src().fill(used.src()),
                        opcode.offset().fill(used.offset()),
                        opcode.imm().fill(used.imm()))
                .write(out);
        FieldRule nextImm = opcode.nextImm();
        if (nextImm != null) {
            new Slot(0, 0, 0, 0, nextImm.fill(nextImm(instruction))).write(out);
        }
    }

    /** The fields that carry operands; the row of the opcode supplies the others. */
    private static Slot usedFields(Instruction instruction) {
        return switch (instruction) {
            case Alu i -> fields(i.dst(), i.src(), 0);
            case Mov i -> fields(i.dst(), i.src(), 0);
            case Neg i -> fields(i.dst().number(), 0, 0, 0);
            case ByteSwap i -> fields(i.dst().number(), 0, 0, 0);
            case LoadImm64 i -> fields(i.dst().number(), 0, 0, (int) i.value());
            case LoadPseudo i -> fields(i.dst().number(), 0, 0, i.imm());
            case Load i -> fields(i.dst(), i.base(), i.offset());
            case Store i -> fields(i.base(), i.src(), i.offset());
            case Atomic i -> fields(i.base(), i.src(), i.offset());
            case Jump i -> fields(0, 0, i.isLong() ? 0 : i.offset(), i.isLong() ? i.offset() : 0);
            case CondJump i -> fields(i.left(), i.right(), i.offset());
            case CallHelper i -> fields(0, 0, 0, i.id());
            case CallLocal i -> fields(0, 0, 0, i.offset());
            case CallBtf i -> fields(0, 0, 0, i.id());
            case CallRegister i -> fields(i.target().number(), 0, 0, 0);
            case Exit _ -> fields(0, 0, 0, 0);
        };
    }

    private static int nextImm(Instruction instruction) {
        return switch (instruction) {
            case LoadImm64 i -> (int) (i.value() >>> 32);
            case LoadPseudo i -> i.nextImm();
            default -> throw new AssertionError("one slot: " + instruction);
        };
    }

    private static Slot fields(Register dst, Operand src, int offset) {
        return switch (src) {
            case Register register -> fields(dst.number(), register.number(), offset, 0);
            case Immediate immediate -> fields(dst.number(), 0, offset, immediate.value());
        };
    }

    private static Slot fields(int dst, int src, int offset, int imm) {
        return new Slot(0, dst, src, offset, imm);
    }
}
