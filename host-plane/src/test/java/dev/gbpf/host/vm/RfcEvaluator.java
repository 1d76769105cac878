package dev.gbpf.host.vm;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A second reading of RFC 9669, for tests: registers are unbounded integers in 0 to 2^64-1, and every rule is written as the
 * RFC words it. Knows arithmetic, jumps, and loads and stores of the stack at constant offsets from r10.
 */
final class RfcEvaluator {
    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger MOD64 = TWO.pow(64);

    private final BigInteger[] registers = new BigInteger[Register.COUNT];
    private final byte[] stack = new byte[512];

    RfcEvaluator(long r1, long r2) {
        Arrays.fill(registers, BigInteger.ZERO);
        registers[1] = unsigned(BigInteger.valueOf(r1), 64);
        registers[2] = unsigned(BigInteger.valueOf(r2), 64);
    }

    static BigInteger unsigned(BigInteger value, int bits) {
        return value.mod(TWO.pow(bits));
    }

    static BigInteger signed(BigInteger value, int bits) {
        BigInteger u = unsigned(value, bits);
        return u.testBit(bits - 1) ? u.subtract(TWO.pow(bits)) : u;
    }

    /** Runs a program to its exit and gives r0. */
    long run(Program program) {
        int index = 0;
        while (true) {
            Instruction instruction = program.get(index);
            if (instruction instanceof Instruction.Exit) {
                return registers[0].longValue();
            }
            int next = index + 1;
            switch (instruction) {
                case Instruction.Alu alu ->
                    set(alu.dst(), alu(alu.op(), width(alu.is64()), get(alu.dst()), value(alu.src())));
                case Instruction.Mov mov -> set(mov.dst(), mov(mov));
                case Instruction.Neg neg ->
                    set(neg.dst(), unsigned(get(neg.dst()).negate(), width(neg.is64())));
                case Instruction.ByteSwap swap -> set(swap.dst(), swap(swap));
                case Instruction.LoadImm64 load -> set(load.dst(), BigInteger.valueOf(load.value()));
                case Instruction.Load load -> set(load.dst(), load(load));
                case Instruction.Store store -> store(store);
                case Instruction.Jump jump -> next = program.targetIndex(index, jump.offset());
                case Instruction.CondJump jump -> {
                    if (test(jump.op(), width(jump.is64()), get(jump.left()), value(jump.right()))) {
                        next = program.targetIndex(index, jump.offset());
                    }
                }
                default -> throw new IllegalArgumentException("not for this evaluator: " + instruction);
            }
            index = next;
        }
    }

    private static int width(boolean is64) {
        return is64 ? 64 : 32;
    }

    private BigInteger get(Register register) {
        return registers[register.number()];
    }

    private void set(Register register, BigInteger value) {
        registers[register.number()] = value.mod(MOD64);
    }

    private BigInteger value(Operand operand) {
        return switch (operand) {
            case Register register -> get(register);
            case Immediate immediate -> BigInteger.valueOf(immediate.value());
        };
    }

    static BigInteger alu(AluOp op, int bits, BigInteger left, BigInteger right) {
        BigInteger dst = unsigned(left, bits);
        BigInteger src = unsigned(right, bits);
        BigInteger sdst = signed(left, bits);
        BigInteger ssrc = signed(right, bits);
        int shift = src.intValue() & (bits - 1);
        boolean byZero = src.signum() == 0;
        BigInteger result = switch (op) {
            case ADD -> dst.add(src);
            case SUB -> dst.subtract(src);
            case MUL -> dst.multiply(src);
            case DIV -> byZero ? BigInteger.ZERO : dst.divide(src);
            case SDIV -> byZero ? BigInteger.ZERO : sdst.divide(ssrc);
            case OR -> dst.or(src);
            case AND -> dst.and(src);
            case LSH -> dst.shiftLeft(shift);
            case RSH -> dst.shiftRight(shift);
            case MOD -> byZero ? dst : dst.mod(src);
            case SMOD -> byZero ? dst : sdst.subtract(ssrc.multiply(sdst.divide(ssrc)));
            case XOR -> dst.xor(src);
            case ARSH -> sdst.shiftRight(shift);
        };
        return unsigned(result, bits);
    }

    private BigInteger mov(Instruction.Mov mov) {
        BigInteger source = value(mov.src());
        BigInteger extended = mov.signBits() == 0 ? source : signed(source, mov.signBits());
        return unsigned(extended, width(mov.is64()));
    }

    private BigInteger swap(Instruction.ByteSwap swap) {
        BigInteger low = unsigned(get(swap.dst()), swap.bits());
        return switch (swap.kind()) {
            case LE -> low;
            case BE, SWAP -> {
                BigInteger swapped = BigInteger.ZERO;
                for (int i = 0; i < swap.bits(); i += 8) {
                    swapped = swapped.shiftLeft(8).or(low.shiftRight(i).and(BigInteger.valueOf(255)));
                }
                yield swapped;
            }
        };
    }

    private BigInteger load(Instruction.Load load) {
        int at = stack.length + load.offset();
        BigInteger value = BigInteger.ZERO;
        for (int i = load.width().bytes() - 1; i >= 0; i--) {
            value = value.shiftLeft(8).or(BigInteger.valueOf(stack[at + i] & 255));
        }
        return load.signExtend() ? signed(value, load.width().bits()) : value;
    }

    private void store(Instruction.Store store) {
        int at = stack.length + store.offset();
        BigInteger value = unsigned(value(store.src()), 64);
        for (int i = 0; i < store.width().bytes(); i++) {
            stack[at + i] = value.shiftRight(8 * i).byteValue();
        }
    }

    static boolean test(JumpOp op, int bits, BigInteger left, BigInteger right) {
        BigInteger dst = unsigned(left, bits);
        BigInteger src = unsigned(right, bits);
        int unsigned = dst.compareTo(src);
        int signed = signed(left, bits).compareTo(signed(right, bits));
        return switch (op) {
            case EQ -> unsigned == 0;
            case NE -> unsigned != 0;
            case SET -> dst.and(src).signum() != 0;
            case GT -> unsigned > 0;
            case GE -> unsigned >= 0;
            case LT -> unsigned < 0;
            case LE -> unsigned <= 0;
            case SGT -> signed > 0;
            case SGE -> signed >= 0;
            case SLT -> signed < 0;
            case SLE -> signed <= 0;
        };
    }
}
