package dev.gbpf.host.vm;

import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;

/**
 * Atomic operations by number: bits 0 to 2 are the {@link AtomicOp}, bit 3 tells 64 from 32 bits. What a program does not
 * fetch is fetched and dropped, so that there is one form of each.
 */
public final class AtomicKind {
    private static final int IS_64 = 8;

    private AtomicKind() {}

    /** The number of an operation. */
    public static int of(Instruction.Atomic atomic) {
        return atomic.op().ordinal() | (atomic.is64() ? IS_64 : 0);
    }

    /** Does it, and gives what was in memory before; 32-bit results are zero-extended. */
    static long apply(int kind, long address, long operand, long expected) {
        return (kind & IS_64) != 0
                ? apply64(kind & 7, address, operand, expected)
                : apply32(kind & 7, address, (int) operand, (int) expected) & 0xFFFF_FFFFL;
    }

    private static long apply64(int op, long address, long operand, long expected) {
        return switch (op) {
            case 0 -> NativeMemory.getAndAddLong(address, operand);
            case 1 -> NativeMemory.getAndOrLong(address, operand);
            case 2 -> NativeMemory.getAndAndLong(address, operand);
            case 3 -> NativeMemory.getAndXorLong(address, operand);
            case 4 -> NativeMemory.exchangeLong(address, operand);
            case 5 -> NativeMemory.compareExchangeLong(address, expected, operand);
            default -> throw new IllegalArgumentException("atomic op=" + op + " is not in 0..5");
        };
    }

    private static int apply32(int op, long address, int operand, int expected) {
        return switch (op) {
            case 0 -> NativeMemory.getAndAddInt(address, operand);
            case 1 -> NativeMemory.getAndOrInt(address, operand);
            case 2 -> NativeMemory.getAndAndInt(address, operand);
            case 3 -> NativeMemory.getAndXorInt(address, operand);
            case 4 -> NativeMemory.exchangeInt(address, operand);
            case 5 -> NativeMemory.compareExchangeInt(address, expected, operand);
            default -> throw new IllegalArgumentException("atomic op=" + op + " is not in 0..5");
        };
    }
}
