package dev.gbpf.asm;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.JumpOp;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How operations are written; the one table of assembler and disassembler. */
final class Operators {
    private static final Map<String, AluOp> ALU_BY_SYMBOL = inverse(AluOp.values(), op -> symbol(op) + "=");
    private static final Map<String, JumpOp> JUMP_BY_SYMBOL = inverse(JumpOp.values(), Operators::symbol);
    private static final Map<String, AtomicOp> ATOMIC_BY_NAME = inverse(AtomicOp.values(), Operators::name);

    private Operators() {}

    /** The operation without the equals sign: {@code +}, {@code s>>}. */
    static String symbol(AluOp op) {
        return switch (op) {
            case ADD -> "+";
            case SUB -> "-";
            case MUL -> "*";
            case DIV -> "/";
            case OR -> "|";
            case AND -> "&";
            case LSH -> "<<";
            case RSH -> ">>";
            case MOD -> "%";
            case XOR -> "^";
            case ARSH -> "s>>";
            case SDIV -> "s/";
            case SMOD -> "s%";
        };
    }

    /** The comparison: {@code ==}, {@code s>=}. */
    static String symbol(JumpOp op) {
        return switch (op) {
            case EQ -> "==";
            case GT -> ">";
            case GE -> ">=";
            case SET -> "&";
            case NE -> "!=";
            case SGT -> "s>";
            case SGE -> "s>=";
            case LT -> "<";
            case LE -> "<=";
            case SLT -> "s<";
            case SLE -> "s<=";
        };
    }

    /** Whether an atomic operation has no form without the old value. */
    static boolean alwaysFetches(AtomicOp op) {
        return op == AtomicOp.XCHG || op == AtomicOp.CMPXCHG;
    }

    /** The operation within a name: {@code add} of {@code atomic_fetch_add}. */
    static String name(AtomicOp op) {
        return switch (op) {
            case ADD -> "add";
            case OR -> "or";
            case AND -> "and";
            case XOR -> "xor";
            case XCHG -> "xchg";
            case CMPXCHG -> "cmpxchg";
        };
    }

    /** The operation of {@code lock *(u64 *)(...) op= ...}. */
    static String symbol(AtomicOp op) {
        return switch (op) {
            case ADD -> "+";
            case OR -> "|";
            case AND -> "&";
            case XOR -> "^";
            case XCHG, CMPXCHG -> throw new IllegalArgumentException(op + " has no operator");
        };
    }

    /** The arithmetic operation of {@code +=} and its like. */
    static Optional<AluOp> alu(String assignment) {
        return Optional.ofNullable(ALU_BY_SYMBOL.get(assignment));
    }

    static Optional<JumpOp> jump(String symbol) {
        return Optional.ofNullable(JUMP_BY_SYMBOL.get(symbol));
    }

    static Optional<AtomicOp> atomic(String name) {
        return Optional.ofNullable(ATOMIC_BY_NAME.get(name));
    }

    private static <T> Map<String, T> inverse(T[] values, Function<T, String> symbol) {
        return Arrays.stream(values).collect(Collectors.toUnmodifiableMap(symbol, Function.identity()));
    }
}
