package dev.gbpf.lang.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Writes random functions and bodies of hooks and runs them itself, on the statements it wrote and independently of the
 * compiler. What a body does shows in the arguments of its calls of dsq_len, which answers three times its argument.
 */
public final class RandomProgram {
    private static final int HASH_CAPACITY = 3;
    private static final int ARRAY_SIZE = 4;

    private final Random random;

    /** What can be called: each function calls those before it only. */
    private final List<Function> functions = new ArrayList<>();

    private final int hookVariables;
    /** Variables of the body that is being written. */
    private int variables;
    /** Its parameters, whose values come after those of the variables; 0 in a hook. */
    private int parameters;

    /** What the function gives that is being written, a truth value or a number; null in a hook. */
    private @Nullable Boolean resultIsTruth;

    private StringBuilder text = new StringBuilder();
    private final RandomStructs structs;
    private int counters;

    public RandomProgram(Random random, int variables) {
        this.random = random;
        this.hookVariables = variables;
        this.structs = new RandomStructs(this, random);
    }

    /** A function of the policy. */
    private record Function(String name, int parameters, int variables, boolean truth, Step body) {
        long call(State state, List<Value> arguments) {
            long[] frame = new long[variables + parameters];
            for (int i = 0; i < parameters; i++) {
                frame[variables + i] = arguments.get(i).of(state);
            }
            long[] caller = state.locals;
            state.locals = frame;
            if (body.run(state) != Exit.RETURN) {
                throw new IllegalStateException(name + " ends without a result");
            }
            state.locals = caller;
            return state.result;
        }
    }

    /** What a body does to the state. */
    interface Step {
        /** How control leaves it. */
        Exit run(State state);
    }

    interface Value {
        long of(State state);
    }

    enum Exit {
        NEXT,
        BREAK,
        CONTINUE,
        RETURN
    }

    static final class State {
        long[] locals;
        long result;
        final Map<Long, Long> hash = new HashMap<>();
        final long[] array = new long[ARRAY_SIZE];
        final Map<Long, long[]> structs = new HashMap<>();
        final long[][] elements = RandomStructs.elements();
        final List<Long> trace = new ArrayList<>();

        State(int variables) {
            locals = new long[variables];
        }

        long call(long argument) {
            trace.add(argument);
            return 3 * argument;
        }
    }

    /** A finished body: its text, and what it does. */
    public record Body(String text, List<Long> trace) {}

    /** The maps that bodies use. */
    public static String declarations() {
        return "map h: hash<u32, u64>[" + HASH_CAPACITY + "]; map a: array<u64>[" + ARRAY_SIZE + "]; "
                + RandomStructs.DECLARATIONS;
    }

    /** Writes some functions, which every body that is generated later may call. */
    public String functions(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text = new StringBuilder();
            parameters = random.nextInt(4);
            variables = 1 + random.nextInt(3);
            boolean truth = random.nextInt(4) == 0;
            resultIsTruth = truth;
            text.append("fn f").append(i).append("(");
            for (int p = 0; p < parameters; p++) {
                text.append(p == 0 ? "" : ", ").append("p").append(p).append(": u64");
            }
            text.append(truth ? ") -> bool {\n" : ") -> u64 {\n");
            List<Step> steps = variables();
            if (random.nextBoolean()) {
                steps.add(block(1, false, 4));
            }
            steps.add(result(truth));
            text.append("}\n");
            functions.add(new Function("f" + i, parameters, variables, truth, state -> run(steps, state)));
            all.append(text);
        }
        return all.toString();
    }

    private Step result(boolean truth) {
        text.append("return ");
        Value value = truth ? condition(2) : value(2);
        text.append(";\n");
        return state -> {
            state.result = value.of(state);
            return Exit.RETURN;
        };
    }

    private List<Step> variables() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < variables; i++) {
            int variable = i;
            long start = random.nextInt(10);
            text.append("var v").append(i).append(" = ").append(start).append(";\n");
            steps.add(state -> {
                state.locals[variable] = start;
                return Exit.NEXT;
            });
        }
        return steps;
    }

    public Body generate(int depth) {
        text = new StringBuilder();
        resultIsTruth = null;
        parameters = 0;
        variables = hookVariables;
        List<Step> steps = variables();
        steps.add(block(depth, false, 8));
        for (int i = 0; i < variables; i++) {
            int variable = i;
            text.append("dsq_len(v").append(i).append(");\n");
            steps.add(state -> {
                state.call(state.locals[variable]);
                return Exit.NEXT;
            });
        }
        State state = new State(variables);
        run(steps, state);
        return new Body(text.toString(), List.copyOf(state.trace));
    }

    private static Exit run(List<Step> steps, State state) {
        for (Step step : steps) {
            Exit exit = step.run(state);
            if (exit != Exit.NEXT) {
                return exit;
            }
        }
        return Exit.NEXT;
    }

    private Step block(int depth, boolean inLoop, int most) {
        List<Step> steps = new ArrayList<>();
        int count = 1 + random.nextInt(most);
        for (int i = 0; i < count; i++) {
            steps.add(statement(depth, inLoop));
        }
        return state -> run(steps, state);
    }

    private Step statement(int depth, boolean inLoop) {
        int kind = random.nextInt(depth > 0 ? 21 : 12) - 2;
        return switch (kind) {
            case -2 -> changeElement();
            case -1 -> writeBoundedElement();
            case 17 -> match(depth, inLoop);
            case 0, 1, 2 -> assign();
            case 3 -> compound();
            case 4 -> call();
            case 5 -> writeArray();
            case 6 -> writeHash();
            case 7 -> inLoop && random.nextInt(3) == 0 ? leave() : deleteKey();
            case 8, 9 -> structs.statement();
            case 10, 11, 12 -> conditional(depth, inLoop);
            case 13 -> present(depth, inLoop);
            case 14, 15 -> loop(depth);
            case 16 -> fixedLoop(depth);
            default -> guardedReturn();
        };
    }

    private Step assign() {
        int target = random.nextInt(variables);
        text.append("v").append(target).append(" = ");
        Value value = value(3);
        text.append(";\n");
        return state -> {
            state.locals[target] = value.of(state);
            return Exit.NEXT;
        };
    }

    private Step compound() {
        int target = random.nextInt(variables);
        boolean add = random.nextBoolean();
        text.append("v").append(target).append(add ? " += " : " ^= ");
        Value value = value(2);
        text.append(";\n");
        return state -> {
            long operand = value.of(state);
            state.locals[target] = add ? state.locals[target] + operand : state.locals[target] ^ operand;
            return Exit.NEXT;
        };
    }

    private Step call() {
        text.append("dsq_len(");
        Value value = value(2);
        text.append(");\n");
        return state -> {
            state.call(value.of(state));
            return Exit.NEXT;
        };
    }

    private Step writeArray() {
        text.append("a[");
        Value index = unknown(1);
        text.append("] = ");
        Value value = value(2);
        text.append(";\n");
        return state -> {
            long at = index.of(state);
            long stored = value.of(state);
            if (Long.compareUnsigned(at, ARRAY_SIZE) < 0) {
                state.array[(int) at] = stored;
            }
            return Exit.NEXT;
        };
    }

    private Step changeElement() {
        int at = random.nextInt(ARRAY_SIZE);
        boolean add = random.nextBoolean();
        text.append("a[").append(at).append(add ? "] += " : "] ^= ");
        Value value = value(2);
        text.append(";\n");
        return state -> {
            long operand = value.of(state);
            state.array[at] = add ? state.array[at] + operand : state.array[at] ^ operand;
            return Exit.NEXT;
        };
    }

    private Step writeBoundedElement() {
        text.append("a[");
        Value index = bounded(1);
        text.append("] = ");
        Value value = value(2);
        text.append(";\n");
        return state -> {
            int at = (int) index.of(state);
            state.array[at] = value.of(state);
            return Exit.NEXT;
        };
    }

    private Step writeHash() {
        text.append("h[");
        Value key = unknown(1);
        text.append("] = ");
        Value value = value(2);
        boolean handled = random.nextBoolean();
        text.append(handled ? " else { dsq_len(7777); }\n" : ";\n");
        return state -> {
            long at = key.of(state) & 0xFFFF_FFFFL;
            long stored = value.of(state);
            if (state.hash.containsKey(at) || state.hash.size() < HASH_CAPACITY) {
                state.hash.put(at, stored);
            } else if (handled) {
                state.call(7777);
            }
            return Exit.NEXT;
        };
    }

    private Step deleteKey() {
        text.append("delete h[");
        Value key = unknown(1);
        text.append("];\n");
        return state -> {
            state.hash.remove(key.of(state) & 0xFFFF_FFFFL);
            return Exit.NEXT;
        };
    }

    private Step leave() {
        boolean leave = random.nextBoolean();
        text.append("if ");
        Value condition = condition(1);
        text.append(leave ? " { break; }\n" : " { continue; }\n");
        return state -> condition.of(state) == 0 ? Exit.NEXT : leave ? Exit.BREAK : Exit.CONTINUE;
    }

    private Step guardedReturn() {
        Boolean truth = resultIsTruth;
        if (truth != null) {
            text.append("if ");
            Value condition = condition(1);
            text.append(" {\n");
            Step leave = result(truth);
            text.append("}\n");
            return state -> condition.of(state) != 0 ? leave.run(state) : Exit.NEXT;
        }
        text.append("if ");
        Value condition = condition(1);
        text.append(" && v0 == 12345 { return; }\n");
        return state -> condition.of(state) != 0 && state.locals[0] == 12345 ? Exit.RETURN : Exit.NEXT;
    }

    /** Leaves the body. */
    Step leaveBody() {
        Boolean truth = resultIsTruth;
        if (truth != null) {
            return result(truth);
        }
        text.append("return;\n");
        return _ -> Exit.RETURN;
    }

    /** What is written so far. */
    StringBuilder text() {
        return text;
    }

    private Step conditional(int depth, boolean inLoop) {
        text.append("if ");
        Value condition = condition(2);
        text.append(" {\n");
        Step then = block(depth - 1, inLoop, 4);
        text.append("} else {\n");
        Step otherwise = block(depth - 1, inLoop, 4);
        text.append("}\n");
        return state -> condition.of(state) != 0 ? then.run(state) : otherwise.run(state);
    }

    private Step match(int depth, boolean inLoop) {
        text.append("match ");
        Value subject = unknown(2);
        text.append(" {\n");
        List<Patterns> patterns = new ArrayList<>();
        List<Step> arms = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            patterns.add(patterns());
            text.append(" => {\n");
            arms.add(block(depth - 1, inLoop, 2));
            text.append("}\n");
        }
        text.append("_ => {\n");
        Step rest = block(depth - 1, inLoop, 2);
        text.append("}\n}\n");
        return state -> {
            long value = subject.of(state);
            for (int i = 0; i < arms.size(); i++) {
                if (patterns.get(i).hold(value)) {
                    return arms.get(i).run(state);
                }
            }
            return rest.run(state);
        };
    }

    /** Ranges of unsigned numbers. */
    private record Patterns(List<long[]> ranges) {
        boolean hold(long value) {
            return ranges.stream()
                    .anyMatch(r -> Long.compareUnsigned(r[0], value) <= 0 && Long.compareUnsigned(value, r[1]) <= 0);
        }
    }

    private Patterns patterns() {
        List<long[]> ranges = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(ranges.isEmpty() ? "" : " | ");
            long first = random.nextInt(8) == 0 ? -1L - random.nextInt(4) : random.nextInt(20);
            long last = random.nextBoolean() ? first : first < 0 ? -1 : first + random.nextInt(6);
            text.append(Long.toUnsignedString(first));
            if (last != first) {
                text.append("..=").append(Long.toUnsignedString(last));
            }
            ranges.add(new long[] {first, last});
        }
        return new Patterns(ranges);
    }

    private Step present(int depth, boolean inLoop) {
        int name = counters++;
        text.append("if let e").append(name).append(" = h[");
        Value key = unknown(1);
        text.append("] {\ne").append(name).append(" += 5;\n");
        Step then = block(depth - 1, inLoop, 3);
        text.append("} else {\n");
        Step otherwise = block(depth - 1, inLoop, 3);
        text.append("}\n");
        return state -> {
            long at = key.of(state) & 0xFFFF_FFFFL;
            if (!state.hash.containsKey(at)) {
                return otherwise.run(state);
            }
            state.hash.merge(at, 5L, Long::sum);
            return then.run(state);
        };
    }

    private Step loop(int depth) {
        int counter = counters++;
        text.append("for i").append(counter).append(" in ");
        Value from = value(0);
        text.append("..");
        Value to = unknown(1);
        long limit = random.nextInt(5);
        text.append(" max ")
                .append(limit)
                .append(" {\ndsq_len(i")
                .append(counter)
                .append(");\n");
        Step body = block(depth - 1, true, 4);
        text.append("}\n");
        return state -> {
            long start = from.of(state);
            long end = to.of(state);
            for (long i = 0; i < limit && Long.compareUnsigned(start + i, end) < 0; i++) {
                state.call(start + i);
                Exit exit = body.run(state);
                if (exit == Exit.BREAK) {
                    break;
                }
                if (exit == Exit.RETURN) {
                    return exit;
                }
            }
            return Exit.NEXT;
        };
    }

    private Step fixedLoop(int depth) {
        int counter = counters++;
        long from = random.nextInt(3);
        long to = random.nextInt(6);
        text.append("for i")
                .append(counter)
                .append(" in ")
                .append(from)
                .append("..")
                .append(to)
                .append(" {\n");
        text.append("a[i").append(counter).append("] = i").append(counter).append(";\n");
        Step body = block(depth - 1, true, 3);
        text.append("}\n");
        return state -> {
            for (long i = from; i < to; i++) {
                if (i < ARRAY_SIZE) {
                    state.array[(int) i] = i;
                }
                Exit exit = body.run(state);
                if (exit == Exit.BREAK) {
                    break;
                }
                if (exit == Exit.RETURN) {
                    return exit;
                }
            }
            return Exit.NEXT;
        };
    }

    /** An index that is evidently in the array. */
    private Value bounded(int depth) {
        String operator = new String[] {"&", "%", ">>"}[random.nextInt(3)];
        text.append("(");
        Value value = value(depth);
        text.append(" ^ v0 ^ v0) ")
                .append(operator)
                .append(operator.equals(">>") ? " 62" : operator.equals("%") ? " 4" : " 3");
        return state -> operator.equals(">>") ? value.of(state) >>> 62 : value.of(state) & 3;
    }

    /** An expression that the compiler cannot compute: a constant key or bound would have to be in range. */
    Value unknown(int depth) {
        Value value = value(depth);
        text.append(" ^ v0 ^ v0");
        return value;
    }

    /** A u64 expression. */
    private Value value(int depth) {
        int kind = random.nextInt(depth > 0 ? 13 : 4) - 1;
        if (kind == 11) {
            return functions.isEmpty() ? value(depth - 1) : invoke(depth - 1, false);
        }
        return switch (kind) {
            case -1 -> {
                int at = random.nextInt(ARRAY_SIZE);
                text.append("a[").append(at).append("]");
                yield state -> state.array[at];
            }
            case 0 -> {
                long number = random.nextInt(8);
                // With a type, so that arithmetic on it wraps as it does at run time.
                text.append("(").append(number).append(" as u64)");
                yield _ -> number;
            }
            case 1, 2 -> {
                int variable = random.nextInt(variables + parameters);
                boolean parameter = variable >= variables;
                text.append(parameter ? "p" + (variable - variables) : "v" + variable);
                yield state -> state.locals[variable];
            }
            case 3 -> {
                text.append("(dsq_len(");
                Value argument = value(depth - 1);
                text.append(") as u64)");
                yield state -> state.call(argument.of(state));
            }
            case 4 -> {
                text.append("(h[");
                Value key = unknown(depth - 1);
                text.append("] else ");
                Value fallback = value(depth - 1);
                text.append(")");
                yield state -> {
                    Long found = state.hash.get(key.of(state) & 0xFFFF_FFFFL);
                    return found != null ? found : fallback.of(state);
                };
            }
            case 5 -> {
                text.append("(a[");
                Value index = unknown(depth - 1);
                text.append("] else ");
                Value fallback = value(depth - 1);
                text.append(")");
                yield state -> {
                    long at = index.of(state);
                    return Long.compareUnsigned(at, ARRAY_SIZE) < 0 ? state.array[(int) at] : fallback.of(state);
                };
            }
            case 6 -> {
                text.append("(a[");
                Value index = bounded(depth - 1);
                text.append("] else 9)");
                yield state -> state.array[(int) index.of(state)];
            }
            case 7 -> {
                text.append("((");
                Value condition = condition(depth - 1);
                text.append(") as u64)");
                yield condition;
            }
            case 8 -> structs.read(depth);
            default -> {
                String operator = new String[] {"+", "-", "*", "&", "/"}[random.nextInt(5)];
                text.append("(");
                Value left = value(depth - 1);
                text.append(" ").append(operator).append(" (");
                Value right = value(depth - 1);
                text.append(" | 1))");
                yield state -> {
                    long a = left.of(state);
                    long b = right.of(state) | 1;
                    return switch (operator) {
                        case "+" -> a + b;
                        case "-" -> a - b;
                        case "*" -> a * b;
                        case "&" -> a & b;
                        default -> Long.divideUnsigned(a, b);
                    };
                };
            }
        };
    }

    /** A call of a function, as a number or as a truth value. */
    private Value invoke(int depth, boolean truth) {
        Function function = functions.get(random.nextInt(functions.size()));
        String convert = function.truth() == truth ? "" : truth ? " != 0" : " as u64";
        text.append("(").append(function.name()).append("(");
        List<Value> arguments = new ArrayList<>();
        for (int i = 0; i < function.parameters(); i++) {
            text.append(i == 0 ? "" : ", ");
            arguments.add(value(depth));
        }
        text.append(")").append(convert).append(")");
        return state -> {
            long result = function.call(state, arguments);
            return truth && result != 0 ? 1 : result;
        };
    }

    /** A condition; 0 or 1. */
    private Value condition(int depth) {
        if (depth > 0 && !functions.isEmpty() && random.nextInt(6) == 0) {
            return invoke(depth - 1, true);
        }
        if (depth > 0 && random.nextInt(3) == 0) {
            boolean and = random.nextBoolean();
            text.append("(");
            Value left = condition(depth - 1);
            text.append(and ? " && " : " || ");
            Value right = condition(depth - 1);
            text.append(")");
            return state -> (left.of(state) != 0) == and ? right.of(state) : and ? 0 : 1;
        }
        boolean less = random.nextBoolean();
        Value left = value(depth);
        text.append(less ? " < " : " == ");
        Value right = value(depth);
        return state -> {
            long a = left.of(state);
            long b = right.of(state);
            return (less ? Long.compareUnsigned(a, b) < 0 : a == b) ? 1 : 0;
        };
    }
}
