package dev.gbpf.lang.codegen;

import dev.gbpf.isa.AluOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers values, so that equal numbers mean equal values: two ways to compute the same get one number. Each has a range that
 * follows from how it is computed.
 */
final class ValueTable {
    /** In place of a value's number: not known. */
    static final int NONE = -1;

    /** How a value comes about. */
    sealed interface Value {
        record Constant(long number) implements Value {}

        /** Something that is only known to be what it is: a result of a helper, a field, what paths bring together. */
        record Opaque(int serial) implements Value {}

        record Binary(AluOp op, int left, int right) implements Value {}

        record Negation(int operand) implements Value {}

        /** The frame pointer. */
        record Frame() implements Value {}

        /** The address of the hook's context. */
        record Context() implements Value {}

        record Map(int map) implements Value {}

        /** The address of a byte in the values of an array. */
        record MapValue(int map, int offset) implements Value {}

        /** The address of an entry's value that a lookup found, or null. */
        record Entry(int map, int serial) implements Value {}
    }

    /**
     * An address.
     *
     * @param root number of the value that it is based on
     * @param offset bytes from there on
     */
    record Address(int root, long offset) {}

    /** Memory that a pointer may lead to: that of a map by its index, or one of the three below. */
    static final int FRAME = -1;

    static final int CONTEXT = -2;
    static final int ANYWHERE = -3;

    /** Sums that are looked into for the pointer among them. */
    private static final int MAX_DEPTH = 4;

    private final List<Value> values = new ArrayList<>();
    private final List<UnsignedRange> ranges = new ArrayList<>();
    private final Map<Value, Integer> numbers = new HashMap<>();

    private int number(Value value, UnsignedRange range) {
        return numbers.computeIfAbsent(value, v -> {
            values.add(v);
            ranges.add(range);
            return values.size() - 1;
        });
    }

    Value value(int number) {
        return values.get(number);
    }

    UnsignedRange range(int number) {
        return ranges.get(number);
    }

    boolean isConstant(int number) {
        return value(number) instanceof Value.Constant;
    }

    int constant(long number) {
        return number(new Value.Constant(number), UnsignedRange.of(number));
    }

    /** A value that is equal to no other. */
    int opaque(UnsignedRange range) {
        return number(new Value.Opaque(values.size()), range);
    }

    int frame() {
        return number(new Value.Frame(), UnsignedRange.ALL);
    }

    int context() {
        return number(new Value.Context(), UnsignedRange.ALL);
    }

    int map(int map) {
        return number(new Value.Map(map), UnsignedRange.ALL);
    }

    int mapValue(int map, int offset) {
        return number(new Value.MapValue(map, offset), UnsignedRange.ALL);
    }

    int entry(int map) {
        return number(new Value.Entry(map, values.size()), UnsignedRange.ALL);
    }

    /** A value as an address, the constant part of it apart. */
    Address address(int number) {
        return switch (value(number)) {
            case Value.MapValue(int map, int offset) -> new Address(mapValue(map, 0), offset);
            case Value.Binary(AluOp op, int left, int right)
            when op == AluOp.ADD && value(right) instanceof Value.Constant(long offset) -> new Address(left, offset);
            default -> new Address(number, 0);
        };
    }

    /** Which memory a pointer leads to. */
    int region(int number) {
        return region(number, MAX_DEPTH);
    }

    private int region(int number, int depth) {
        return switch (value(number)) {
            case Value.Frame() -> FRAME;
            case Value.Context() -> CONTEXT;
            case Value.MapValue(int map, int _) -> map;
            case Value.Entry(int map, int _) -> map;
            case Value.Binary(AluOp op, int left, int right)
            when op == AluOp.ADD && depth > 0 -> {
                int region = region(left, depth - 1);
                yield region == ANYWHERE ? region(right, depth - 1) : region;
            }
            default -> ANYWHERE;
        };
    }

    int negation(int operand) {
        return value(operand) instanceof Value.Constant(long number)
                ? constant(-number)
                : number(new Value.Negation(operand), UnsignedRange.ALL);
    }

    /** The value of {@code left op right}, which may be one of the operands, or a constant. */
    int binary(AluOp op, int left, int right) {
        boolean leftFirst = !AluArithmetic.commutes(op) || isConstant(right) || (!isConstant(left) && left <= right);
        int a = leftFirst ? left : right;
        int b = leftFirst ? right : left;
        UnsignedRange range = UnsignedRange.apply(op, range(a), range(b));
        if (range.isSingle()) {
            return constant(range.min());
        }
        if (value(b) instanceof Value.Constant(long number)) {
            return withConstant(op, a, number, range);
        }
        if (a == b && (op == AluOp.SUB || op == AluOp.XOR)) {
            return constant(0);
        }
        return a == b && (op == AluOp.AND || op == AluOp.OR) ? a : number(new Value.Binary(op, a, b), range);
    }

    private int withConstant(AluOp op, int a, long number, UnsignedRange range) {
        if (op == AluOp.SUB) {
            return binary(AluOp.ADD, a, constant(-number));
        }
        if (isIdentity(op, range(a), number)) {
            return a;
        }
        if (op == AluOp.ADD) {
            if (value(a) instanceof Value.MapValue(int map, int offset) && fits(offset + number)) {
                return mapValue(map, (int) (offset + number));
            }
            if (value(a) instanceof Value.Binary(AluOp inner, int x, int y)
                    && inner == AluOp.ADD
                    && value(y) instanceof Value.Constant(long first)) {
                return binary(AluOp.ADD, x, constant(first + number));
            }
        }
        return number(new Value.Binary(op, a, constant(number)), range);
    }

    /** Whether the operation leaves every number of the range as it is. */
    private static boolean isIdentity(AluOp op, UnsignedRange a, long number) {
        return switch (op) {
            case ADD, SUB, OR, XOR, LSH, RSH, ARSH -> number == 0;
            case MUL, DIV, SDIV -> number == 1;
            case MOD -> number == 0 || Long.compareUnsigned(a.max(), number) < 0;
            case SMOD -> number == 0;
            case AND -> (a.bits() & ~number) == 0;
        };
    }

    private static boolean fits(long number) {
        return number == (int) number;
    }
}
