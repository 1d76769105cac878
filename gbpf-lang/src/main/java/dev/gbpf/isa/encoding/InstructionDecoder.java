package dev.gbpf.isa.encoding;

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
import dev.gbpf.isa.encoding.EncodingException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes to programs. What decodes is exactly what RFC 9669 defines, plus {@code callx} as compilers emit it: undefined
 * opcodes and values, registers above 10 and non-zero unused fields are refused, so encoding the result gives the same bytes
 * again. Where jumps lead is not looked at; that is the verifier's question.
 */
public final class InstructionDecoder {
    private InstructionDecoder() {}

    /**
     * The program that {@code code} encodes.
     *
     * @throws EncodingException when it encodes none
     */
    public static Program decode(byte[] code) {
        return decode(ByteBuffer.wrap(code));
    }

    /**
     * The program that the remaining bytes of {@code code} encode; the buffer's position and order are left alone.
     *
     * @throws EncodingException when they encode none
     */
    public static Program decode(ByteBuffer code) {
        ByteBuffer in = code.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() % Slot.BYTES != 0) {
            throw new EncodingException(
                    Reason.LENGTH,
                    in.remaining() / Slot.BYTES,
                    "3",
                    "length=" + in.remaining() + " bytes is no multiple of 8",
                    "give whole 8-byte instructions");
        }
        List<Instruction> instructions = new ArrayList<>(in.remaining() / Slot.BYTES);
        while (in.hasRemaining()) {
            instructions.add(next(in));
        }
        return new Program(instructions);
    }

    private static Instruction next(ByteBuffer in) {
        int pc = in.position() / Slot.BYTES;
        Slot slot = Slot.read(in);
        List<Opcode> rows = Opcode.byCode(slot.code());
        if (rows.isEmpty()) {
            throw UndefinedOpcode.explain(pc, slot.code());
        }
        int nextImm = rows.getFirst().slots() == 2 ? secondSlot(in, pc) : 0;
        FieldCheck check = new FieldCheck(pc, slot, nextImm);
        Opcode opcode = check.select(rows);
        return fill(opcode.shape(), slot, nextImm);
    }

    /** Reads the second slot of a wide instruction, of which only the immediate may be set (section 3.2). */
    private static int secondSlot(ByteBuffer in, int pc) {
        if (!in.hasRemaining()) {
            throw new EncodingException(
                    Reason.TRUNCATED,
                    pc,
                    "3.2",
                    "the 64-bit immediate load at the end lacks its second slot",
                    "append the slot that holds the upper 32 bits");
        }
        Slot second = Slot.read(in);
        if (second.code() != 0 || second.dst() != 0 || second.src() != 0 || second.offset() != 0) {
            throw new EncodingException(
                    Reason.RESERVED_FIELD,
                    pc + 1,
                    "3.2",
                    "the second slot of a 64-bit immediate load has opcode=" + UndefinedOpcode.hex(second.code())
                            + " dst=" + second.dst() + " src=" + second.src() + " offset=" + second.offset()
                            + ", all must be 0",
                    "clear them; only its imm is used");
        }
        return second.imm();
    }

    /** The instruction of a row's shape with the slot's operands. Register fields are within range here. */
    private static Instruction fill(Instruction shape, Slot slot, int nextImm) {
        return switch (shape) {
            case Alu i -> new Alu(i.op(), i.is64(), dst(slot), operand(i.src(), slot));
            case Mov i -> new Mov(i.is64(), i.signBits(), dst(slot), operand(i.src(), slot));
            case Neg i -> new Neg(i.is64(), dst(slot));
            case ByteSwap i -> new ByteSwap(i.kind(), i.bits(), dst(slot));
            case LoadImm64 _ -> new LoadImm64(dst(slot), ((long) nextImm << 32) | (slot.imm() & 0xffff_ffffL));
            case LoadPseudo i -> new LoadPseudo(i.kind(), dst(slot), slot.imm(), nextImm);
            case Load i -> new Load(i.width(), i.signExtend(), dst(slot), src(slot), (short) slot.offset());
            case Store i -> new Store(i.width(), dst(slot), (short) slot.offset(), operand(i.src(), slot));
            case Atomic i -> new Atomic(i.op(), i.is64(), i.fetch(), dst(slot), (short) slot.offset(), src(slot));
            case Jump i -> new Jump(i.isLong() ? slot.imm() : slot.offset(), i.isLong());
            case CondJump i ->
                new CondJump(i.op(), i.is64(), dst(slot), operand(i.right(), slot), (short) slot.offset());
            case CallHelper _ -> new CallHelper(slot.imm());
            case CallLocal _ -> new CallLocal(slot.imm());
            case CallBtf _ -> new CallBtf(slot.imm());
            case CallRegister _ -> new CallRegister(dst(slot));
            case Exit i -> i;
        };
    }

    private static Register dst(Slot slot) {
        return Register.of(slot.dst());
    }

    private static Register src(Slot slot) {
        return Register.of(slot.src());
    }

    private static Operand operand(Operand shape, Slot slot) {
        return switch (shape) {
            case Register _ -> src(slot);
            case Immediate _ -> new Immediate(slot.imm());
        };
    }
}
