package dev.gbpf.host.jit;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/** Arithmetic, memory and conditional jumps (RFC 9669, sections 4 and 5), on registers that are local variables. */
final class InstructionEmitter {
    /*
     * The 32-bit forms compute with ints. Between two of them the JVM's compiler drops the zero extension of the one and the
     * truncation of the other.
     */
    private final CodeBuilder code;
    private final DivisionEmitter divisions;

    InstructionEmitter(CodeBuilder code) {
        this.code = code;
        this.divisions = new DivisionEmitter(code);
    }

    // ---- arithmetic

    void alu(Instruction.Alu alu) {
        if (DivisionEmitter.handles(alu.op())) {
            divisions.emit(alu);
            return;
        }
        boolean isShift = alu.op() == AluOp.LSH || alu.op() == AluOp.RSH || alu.op() == AluOp.ARSH;
        if (alu.is64()) {
            code.load(alu.dst());
            if (isShift) {
                low(alu.src());
            } else {
                whole(alu.src());
            }
            code.op(longOpcode(alu.op()));
        } else {
            code.loadLow(alu.dst());
            low(alu.src());
            // An int's operation is the one before the long's.
            code.op(longOpcode(alu.op()) - 1).zeroExtend();
        }
        code.store(alu.dst());
    }

    /** Pushes an operand, an immediate sign-extended. */
    private void whole(Operand operand) {
        switch (operand) {
            case Register register -> code.load(register);
            case Immediate imm -> code.push(imm.value());
        }
    }

    /** Pushes the low half of an operand as an int; shifts take of it what their width allows. */
    private void low(Operand operand) {
        switch (operand) {
            case Register register -> code.loadLow(register);
            case Immediate imm -> code.pushInt(imm.value());
        }
    }

    private static int longOpcode(AluOp op) {
        return switch (op) {
            case ADD -> Opcodes.LADD;
            case SUB -> Opcodes.LSUB;
            case MUL -> Opcodes.LMUL;
            case OR -> Opcodes.LOR;
            case AND -> Opcodes.LAND;
            case XOR -> Opcodes.LXOR;
            case LSH -> Opcodes.LSHL;
            case RSH -> Opcodes.LUSHR;
            case ARSH -> Opcodes.LSHR;
            case DIV, MOD, SDIV, SMOD -> throw new IllegalArgumentException("op=" + op + " is a division");
        };
    }

    void mov(Instruction.Mov mov) {
        switch (mov.src()) {
            case Immediate imm -> code.push(mov.is64() ? imm.value() : imm.value() & CodeBuilder.LOW32);
            case Register src -> {
                switch (mov.signBits()) {
                    case 8 -> code.loadLow(src).op(Opcodes.I2B).op(Opcodes.I2L);
                    case 16 -> code.loadLow(src).op(Opcodes.I2S).op(Opcodes.I2L);
                    case 32 -> code.loadLow(src).op(Opcodes.I2L);
                    default -> code.load(src);
                }
                if (!mov.is64()) {
                    code.push(CodeBuilder.LOW32).op(Opcodes.LAND);
                }
            }
        }
        code.store(mov.dst());
    }

    void neg(Instruction.Neg neg) {
        if (neg.is64()) {
            code.load(neg.dst()).op(Opcodes.LNEG);
        } else {
            code.loadLow(neg.dst()).op(Opcodes.INEG).zeroExtend();
        }
        code.store(neg.dst());
    }

    /** Registers hold what a little-endian machine has in memory, so that a conversion to it only truncates. */
    void byteSwap(Instruction.ByteSwap swap) {
        boolean truncate = swap.kind() == ByteSwapKind.LE;
        switch (swap.bits()) {
            case 16 -> {
                code.loadLow(swap.dst()).op(Opcodes.I2C);
                if (!truncate) {
                    code.callStatic(Character.class, "reverseBytes", "(C)C");
                }
                code.op(Opcodes.I2L);
            }
            case 32 -> {
                code.loadLow(swap.dst());
                if (!truncate) {
                    code.callStatic(Integer.class, "reverseBytes", "(I)I");
                }
                code.zeroExtend();
            }
            default -> {
                code.load(swap.dst());
                if (!truncate) {
                    code.callStatic(Long.class, "reverseBytes", "(J)J");
                }
            }
        }
        code.store(swap.dst());
    }

    // ---- memory

    void load(Instruction.Load load) {
        code.access(load.width())
                .address(load.base(), load.offset())
                .get(load.width(), load.signExtend())
                .store(load.dst());
    }

    void store(Instruction.Store store) {
        code.access(store.width()).address(store.base(), store.offset());
        whole(store.src());
        code.set(store.width());
    }

    /** An operation that does not fetch is one whose result is dropped. */
    void atomic(Instruction.Atomic atomic) {
        boolean compares = atomic.op() == AtomicOp.CMPXCHG;
        String type = atomic.is64() ? "J" : "I";
        code.address(atomic.base(), atomic.offset());
        if (compares) {
            operand(atomic, Register.R0);
        }
        operand(atomic, atomic.src());
        code.callMemory(
                name(atomic.op()) + (atomic.is64() ? "Long" : "Int"),
                "(J" + type + (compares ? type : "") + ")" + type);
        if (!atomic.fetch()) {
            code.op(atomic.is64() ? Opcodes.POP2 : Opcodes.POP);
            return;
        }
        if (!atomic.is64()) {
            code.zeroExtend();
        }
        code.store(compares ? Register.R0 : atomic.src());
    }

    private void operand(Instruction.Atomic atomic, Register register) {
        if (atomic.is64()) {
            code.load(register);
        } else {
            code.loadLow(register);
        }
    }

    private static String name(AtomicOp op) {
        return switch (op) {
            case ADD -> "getAndAdd";
            case OR -> "getAndOr";
            case AND -> "getAndAnd";
            case XOR -> "getAndXor";
            case XCHG -> "exchange";
            case CMPXCHG -> "compareExchange";
        };
    }

    // ---- jumps

    void condJump(Instruction.CondJump jump, Label target) {
        if (jump.is64()) {
            code.load(jump.left());
            whole(jump.right());
            switch (jump.op()) {
                case SET -> code.op(Opcodes.LAND).op(Opcodes.LCONST_0).op(Opcodes.LCMP);
                case GT, GE, LT, LE -> code.callStatic(Long.class, "compareUnsigned", "(JJ)I");
                default -> code.op(Opcodes.LCMP);
            }
            code.jump(againstZero(jump.op()), target);
            return;
        }
        code.loadLow(jump.left());
        low(jump.right());
        switch (jump.op()) {
            case SET -> code.op(Opcodes.IAND).jump(Opcodes.IFNE, target);
            case GT, GE, LT, LE ->
                code.callStatic(Integer.class, "compareUnsigned", "(II)I").jump(againstZero(jump.op()), target);
            // The comparison of two ints is the one with zero and a constant distance.
            default -> code.jump(againstZero(jump.op()) + Opcodes.IF_ICMPEQ - Opcodes.IFEQ, target);
        }
    }

    /** The branch on the sign of a difference. */
    private static int againstZero(JumpOp op) {
        return switch (op) {
            case EQ -> Opcodes.IFEQ;
            case NE, SET -> Opcodes.IFNE;
            case GT, SGT -> Opcodes.IFGT;
            case GE, SGE -> Opcodes.IFGE;
            case LT, SLT -> Opcodes.IFLT;
            case LE, SLE -> Opcodes.IFLE;
        };
    }
}
