package dev.gbpf.isa;

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
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One row of the instruction set: an opcode byte together with the contents of the other fields that select the operation.
 * {@link #all()} is the one table that encoder, decoder and the reference page are made of; it has the structure of the
 * instruction registry of RFC 9669. Several rows share a byte when another field tells them apart (division and signed
 * division by the offset, atomic operations by the immediate, calls and 64-bit loads by the source register).
 *
 * @param code the opcode byte, 0 to 255
 * @param mnemonic its short name, unique in the table
 * @param meaning what it does, in pseudocode over the fields {@code dst}, {@code src}, {@code offset}, {@code imm}
 * @param dst rule of the destination register field
 * @param src rule of the source register field
 * @param offset rule of the 16-bit offset
 * @param imm rule of the 32-bit immediate
 * @param nextImm rule of the immediate in the second slot; null when the instruction has one slot
 * @param group the conformance group that holds it; null for the one that is not in the RFC ({@code callx})
 * @param section the section of RFC 9669 that defines it
 * @param shape an instruction of this row with {@code r0} and 0 in all free fields
 */
public record Opcode(
        int code,
        String mnemonic,
        String meaning,
        FieldRule dst,
        FieldRule src,
        FieldRule offset,
        FieldRule imm,
        @Nullable FieldRule nextImm,
        @Nullable ConformanceGroup group,
        String section,
        Instruction shape) {

    private static final List<Opcode> ALL = OpcodeTable.build();
    private static final Map<Instruction, Opcode> BY_SHAPE =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Opcode::shape, Function.identity()));
    private static final Map<Integer, List<Opcode>> BY_CODE =
            ALL.stream().collect(Collectors.groupingBy(Opcode::code, Collectors.toUnmodifiableList()));

    /** The whole instruction set, in order of the opcode byte and then of the field that tells rows apart. */
    public static List<Opcode> all() {
        return ALL;
    }

    /** The rows of an opcode byte; empty when the byte is undefined. */
    public static List<Opcode> byCode(int code) {
        return BY_CODE.getOrDefault(code, List.of());
    }

    /** The row of an instruction; every instruction has exactly one. */
    public static Opcode of(Instruction instruction) {
        Opcode opcode = BY_SHAPE.get(shapeOf(instruction));
        if (opcode == null) {
            throw new AssertionError("no opcode for " + instruction);
        }
        return opcode;
    }

    public InstructionClass instructionClass() {
        return InstructionClass.of(code);
    }

    /** How many 64-bit slots the instruction takes: 1 or 2. */
    public int slots() {
        return nextImm == null ? 1 : 2;
    }

    private static Instruction shapeOf(Instruction instruction) {
        Register r0 = Register.R0;
        return switch (instruction) {
            case Alu i -> new Alu(i.op(), i.is64(), r0, shapeOf(i.src()));
            case Mov i -> new Mov(i.is64(), i.signBits(), r0, shapeOf(i.src()));
            case Neg i -> new Neg(i.is64(), r0);
            case ByteSwap i -> new ByteSwap(i.kind(), i.bits(), r0);
            case LoadImm64 _ -> new LoadImm64(r0, 0);
            case LoadPseudo i -> new LoadPseudo(i.kind(), r0, 0, 0);
            case Load i -> new Load(i.width(), i.signExtend(), r0, r0, (short) 0);
            case Store i -> new Store(i.width(), r0, (short) 0, shapeOf(i.src()));
            case Atomic i -> new Atomic(i.op(), i.is64(), i.fetch(), r0, (short) 0, r0);
            case Jump i -> new Jump(0, i.isLong());
            case CondJump i -> new CondJump(i.op(), i.is64(), r0, shapeOf(i.right()), (short) 0);
            case CallHelper _ -> new CallHelper(0);
            case CallLocal _ -> new CallLocal(0);
            case CallBtf _ -> new CallBtf(0);
            case CallRegister _ -> new CallRegister(r0);
            case Exit i -> i;
        };
    }

    private static Operand shapeOf(Operand operand) {
        return switch (operand) {
            case Register _ -> Register.R0;
            case Immediate _ -> OpcodeTable.ZERO;
        };
    }
}
