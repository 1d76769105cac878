package dev.gbpf.lang.testing;

import java.math.BigInteger;
import java.util.Random;

/**
 * Writes random integer expressions and computes them as {@code docs/language.md} says, in plain Java and independently of
 * the compiler.
 */
public final class RandomExpression {
    private static final int VARIABLES = 4;
    private static final long[] EDGES = {
        0,
        1,
        2,
        3,
        -1,
        -2,
        63,
        64,
        255,
        256,
        0x7FFF_FFFF,
        0x8000_0000L,
        0xFFFF_FFFFL,
        0x1_0000_0000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final String[] OVERFLOWING = {"+", "-", "*"};

    private final Random random;
    private final long[] values = new long[VARIABLES];
    private long value;

    public RandomExpression(Random random) {
        this.random = random;
        for (int i = 0; i < VARIABLES; i++) {
            values[i] = number();
        }
    }

    /** The value of the expression that {@link #generate} wrote last. */
    public long value() {
        return value;
    }

    /** An expression of this depth at most. */
    public String generate(int depth) {
        return expression(depth, random.nextBoolean());
    }

    /** Maps that hold the variables, once unsigned and once signed. */
    public String declarations() {
        return "map u: array<u64>[" + VARIABLES + "]; map i: array<i64>[" + VARIABLES + "];";
    }

    public String assignments() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < VARIABLES; i++) {
            out.append("u[")
                    .append(i)
                    .append("] = ")
                    .append(constant(values[i], false))
                    .append("; ");
            out.append("i[")
                    .append(i)
                    .append("] = ")
                    .append(constant(values[i], true))
                    .append("; ");
        }
        return out.toString();
    }

    /** The expression with every variable replaced by its value. */
    public String withConstants(String text) {
        String out = text;
        for (int i = 0; i < VARIABLES; i++) {
            out = out.replace("u[" + i + "]", constant(values[i], false));
            out = out.replace("i[" + i + "]", constant(values[i], true));
        }
        return out;
    }

    /** Leaves its value in {@link #value}. */
    private String expression(int depth, boolean wantSigned) {
        if (depth == 0 || random.nextInt(6) == 0) {
            return leaf(wantSigned);
        }
        return switch (random.nextInt(14)) {
            case 13 -> match(depth, wantSigned);
            case 0 -> unary(depth, wantSigned);
            case 1 -> cast(depth, wantSigned);
            case 2 -> extremum(depth, wantSigned);
            case 3 -> truth(depth, wantSigned);
            case 4 -> shift(depth, wantSigned);
            case 5 -> saturating(depth, wantSigned);
            case 6, 7 -> checked(depth, wantSigned);
            default -> binary(depth, wantSigned);
        };
    }

    private String leaf(boolean wantSigned) {
        if (random.nextInt(3) == 0) {
            value = number();
            return constant(value, wantSigned);
        }
        int variable = random.nextInt(VARIABLES);
        value = values[variable];
        return (wantSigned ? "i[" : "u[") + variable + "]";
    }

    private String unary(int depth, boolean wantSigned) {
        boolean negate = random.nextBoolean();
        String operand = expression(depth - 1, wantSigned);
        value = negate ? -value : ~value;
        return (negate ? "-(" : "~(") + operand + ")";
    }

    private String cast(int depth, boolean wantSigned) {
        String operand = expression(depth - 1, !wantSigned);
        return "((" + operand + ") as " + type(wantSigned) + ")";
    }

    private String extremum(int depth, boolean wantSigned) {
        boolean greatest = random.nextBoolean();
        String left = expression(depth - 1, wantSigned);
        long a = value;
        String right = expression(depth - 1, wantSigned);
        boolean less = compare(a, value, wantSigned) < 0;
        value = less == greatest ? value : a;
        return (greatest ? "max(" : "min(") + left + ", " + right + ")";
    }

    private String truth(int depth, boolean wantSigned) {
        String condition = condition(depth - 1);
        return "((" + condition + ") as " + type(wantSigned) + ")";
    }

    /** A match on a number or a condition. Its arms are all computed here; the right one's value is kept. */
    private String match(int depth, boolean wantSigned) {
        if (random.nextInt(3) == 0) {
            String condition = condition(depth - 1);
            boolean holds = value != 0;
            String then = typed(depth - 1, wantSigned);
            long yes = value;
            String otherwise = typed(depth - 1, wantSigned);
            value = holds ? yes : value;
            return "(match " + condition + " { true => " + then + ", false => " + otherwise + " })";
        }
        boolean subjectSigned = random.nextBoolean();
        String subject = typed(depth - 1, subjectSigned);
        long matched = value;
        StringBuilder out = new StringBuilder("(match ").append(subject).append(" { ");
        boolean decided = false;
        long result = 0;
        for (int i = 0; i < 3; i++) {
            long first = i == 1 ? matched : number();
            long last = random.nextBoolean() ? first : number();
            if (compare(first, last, subjectSigned) > 0) {
                last = first;
            }
            out.append(pattern(first, subjectSigned));
            if (last != first) {
                out.append("..=").append(pattern(last, subjectSigned));
            }
            out.append(" => ").append(typed(0, wantSigned)).append(", ");
            boolean holds = compare(first, matched, subjectSigned) <= 0 && compare(matched, last, subjectSigned) <= 0;
            result = holds && !decided ? value : result;
            decided |= holds;
        }
        out.append("_ => ").append(typed(0, wantSigned)).append(" })");
        value = decided ? result : value;
        return out.toString();
    }

    /** An expression whose type stands in it. */
    private String typed(int depth, boolean wantSigned) {
        return "((" + expression(depth, wantSigned) + ") as " + type(wantSigned) + ")";
    }

    private static String pattern(long number, boolean asSigned) {
        return asSigned ? Long.toString(number) : Long.toUnsignedString(number);
    }

    /** A boolean expression; leaves 0 or 1. */
    private String condition(int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            boolean and = random.nextBoolean();
            String left = condition(depth - 1);
            long a = value;
            String right = condition(depth - 1);
            value = and ? a & value : a | value;
            return "(" + left + (and ? ") && (" : ") || (") + right + ")";
        }
        if (depth > 0 && random.nextInt(5) == 0) {
            String inner = condition(depth - 1);
            value ^= 1;
            return "!(" + inner + ")";
        }
        boolean operandsSigned = random.nextBoolean();
        String left = expression(Math.max(0, depth), operandsSigned);
        long a = value;
        String right = expression(Math.max(0, depth), operandsSigned);
        int order = compare(a, value, operandsSigned);
        String operator = new String[] {"==", "!=", "<", "<=", ">", ">="}[random.nextInt(6)];
        boolean holds = switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
        value = holds ? 1 : 0;
        return "(" + left + ") " + operator + " (" + right + ")";
    }

    private String shift(int depth, boolean wantSigned) {
        boolean leftward = random.nextBoolean();
        String left = expression(depth - 1, wantSigned);
        long a = value;
        String right = expression(depth - 1, random.nextBoolean());
        int count = (int) (value & 63);
        value = leftward ? a << count : wantSigned ? a >> count : a >>> count;
        return "(" + left + ")" + (leftward ? " << (" : " >> (") + right + ")";
    }

    private String binary(int depth, boolean wantSigned) {
        String left = expression(depth - 1, wantSigned);
        long a = value;
        String right = expression(depth - 1, wantSigned);
        long b = value;
        String operator = new String[] {"+", "-", "*", "/", "%", "&", "|", "^"}[random.nextInt(8)];
        value = switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> b == 0 ? 0 : wantSigned ? a / b : Long.divideUnsigned(a, b);
            case "%" -> b == 0 ? a : wantSigned ? a % b : Long.remainderUnsigned(a, b);
            case "&" -> a & b;
            case "|" -> a | b;
            default -> a ^ b;
        };
        return "(" + left + ") " + operator + " (" + right + ")";
    }

    private String saturating(int depth, boolean wantSigned) {
        String left = expression(depth - 1, wantSigned);
        long a = value;
        String right = expression(depth - 1, wantSigned);
        String operator = OVERFLOWING[random.nextInt(3)];
        BigInteger exact = exact(operator, a, value, wantSigned);
        value = exact.max(least(wantSigned)).min(greatest(wantSigned)).longValue();
        return "(" + left + ") " + operator + "| (" + right + ")";
    }

    /** One checked operator, or two that share a fallback, perhaps inside a wider operation. */
    private String checked(int depth, boolean wantSigned) {
        String left = expression(depth - 1, wantSigned);
        long a = value;
        String right = expression(depth - 1, wantSigned);
        String operator = OVERFLOWING[random.nextInt(3)];
        BigInteger exact = exact(operator, a, value, wantSigned);
        boolean overflows = isOutside(exact, wantSigned);
        String text = "((" + left + ") " + operator + "? (" + right + "))";
        if (random.nextBoolean()) {
            String third = expression(depth - 1, wantSigned);
            String second = OVERFLOWING[random.nextInt(3)];
            exact = exact(second, exact.longValue(), value, wantSigned);
            overflows |= isOutside(exact, wantSigned);
            text = "(" + text + " " + second + "? (" + third + "))";
        } else if (random.nextBoolean()) {
            exact = exact.not();
            text = "~" + text;
        }
        String fallback = expression(0, wantSigned);
        value = overflows ? value : exact.longValue();
        return "(" + text + " else " + fallback + ")";
    }

    private static BigInteger exact(String operator, long a, long b, boolean asSigned) {
        BigInteger left = exact(a, asSigned);
        BigInteger right = exact(b, asSigned);
        return switch (operator) {
            case "+" -> left.add(right);
            case "-" -> left.subtract(right);
            default -> left.multiply(right);
        };
    }

    private static BigInteger exact(long bits, boolean asSigned) {
        return asSigned ? BigInteger.valueOf(bits) : new BigInteger(Long.toUnsignedString(bits));
    }

    private static BigInteger least(boolean asSigned) {
        return asSigned ? BigInteger.valueOf(Long.MIN_VALUE) : BigInteger.ZERO;
    }

    private static BigInteger greatest(boolean asSigned) {
        return exact(asSigned ? Long.MAX_VALUE : -1, asSigned);
    }

    private static boolean isOutside(BigInteger number, boolean asSigned) {
        return number.compareTo(least(asSigned)) < 0 || number.compareTo(greatest(asSigned)) > 0;
    }

    private long number() {
        return switch (random.nextInt(3)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> random.nextInt(1000) - 500L;
            default -> random.nextLong();
        };
    }

    private static int compare(long a, long b, boolean asSigned) {
        return asSigned ? Long.compare(a, b) : Long.compareUnsigned(a, b);
    }

    private static String constant(long number, boolean asSigned) {
        return "(" + (asSigned ? Long.toString(number) : Long.toUnsignedString(number)) + " as " + type(asSigned) + ")";
    }

    private static String type(boolean asSigned) {
        return asSigned ? "i64" : "u64";
    }
}
