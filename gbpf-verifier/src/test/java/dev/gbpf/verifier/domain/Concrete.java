package dev.gbpf.verifier.domain;

/** The concrete operators on words of any width, straight from their definitions and slow. */
final class Concrete {
    private Concrete() {}

    /** The result as an unsigned word. */
    static long apply(int width, BinaryOperation operation, long a, long b) {
        long sa = signed(width, a);
        long sb = signed(width, b);
        int amount = (int) (b & (width - 1));
        long result = switch (operation) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> b == 0 ? 0 : Long.divideUnsigned(a, b);
            case REMAINDER -> b == 0 ? a : Long.remainderUnsigned(a, b);
            case SIGNED_DIVIDE -> sb == 0 ? 0 : sb == -1 ? -sa : sa / sb;
            case SIGNED_REMAINDER -> sb == 0 ? sa : sb == -1 ? 0 : sa % sb;
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case SHIFT_LEFT -> a << amount;
            case SHIFT_RIGHT -> a >>> amount;
            case SHIFT_RIGHT_ARITHMETIC -> sa >> amount;
        };
        return unsigned(width, result);
    }

    static boolean holds(int width, Comparison relation, long a, long b) {
        long sa = signed(width, a);
        long sb = signed(width, b);
        return switch (relation) {
            case EQUAL -> a == b;
            case NOT_EQUAL -> a != b;
            case UNSIGNED_LESS -> Long.compareUnsigned(a, b) < 0;
            case UNSIGNED_LESS_OR_EQUAL -> Long.compareUnsigned(a, b) <= 0;
            case UNSIGNED_GREATER -> Long.compareUnsigned(a, b) > 0;
            case UNSIGNED_GREATER_OR_EQUAL -> Long.compareUnsigned(a, b) >= 0;
            case SIGNED_LESS -> sa < sb;
            case SIGNED_LESS_OR_EQUAL -> sa <= sb;
            case SIGNED_GREATER -> sa > sb;
            case SIGNED_GREATER_OR_EQUAL -> sa >= sb;
            case COMMON_BITS -> (a & b) != 0;
            case NO_COMMON_BITS -> (a & b) == 0;
        };
    }

    static long unsigned(int width, long value) {
        return width == 64 ? value : value & ((1L << width) - 1);
    }

    static long signed(int width, long value) {
        return value << (64 - width) >> (64 - width);
    }
}
