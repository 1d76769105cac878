package dev.gbpf.lang.testing;

import dev.gbpf.lang.testing.RandomProgram.Exit;
import dev.gbpf.lang.testing.RandomProgram.State;
import dev.gbpf.lang.testing.RandomProgram.Step;
import dev.gbpf.lang.testing.RandomProgram.Value;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;

/** What random programs do with a hash and an array of structs. */
final class RandomStructs {
    static final int HASH_CAPACITY = 3;
    static final int ARRAY_SIZE = 2;
    static final String DECLARATIONS = "struct P { x: u8, y: i16 } struct S { a: u32, p: P, b: u64 }"
            + " map t: hash<u32, S>[" + HASH_CAPACITY + "]; map c: array<S>[" + ARRAY_SIZE + "];";

    private final RandomProgram program;
    private final Random random;
    private int names;

    RandomStructs(RandomProgram program, Random random) {
        this.program = program;
        this.random = random;
    }

    /** The numbers of an S, in their order. */
    private enum Field {
        A("a"),
        X("p.x"),
        Y("p.y"),
        B("b");

        private final String path;

        Field(String path) {
            this.path = path;
        }

        /** What is read back after a number was stored. */
        long stored(long number) {
            return switch (this) {
                case A -> number & 0xFFFF_FFFFL;
                case X -> number & 0xFF;
                case Y -> (short) number;
                case B -> number;
            };
        }
    }

    private Field field() {
        return Field.values()[random.nextInt(Field.values().length)];
    }

    /** A value for a field. */
    private Value value(Field field) {
        program.text().append('(');
        Value value = program.unknown(1);
        program.text().append(field == Field.Y ? ") as i64" : ")");
        return value;
    }

    Step statement() {
        return switch (random.nextInt(7)) {
            case 6 -> each();
            case 0, 1 -> insert();
            case 2 -> assignField();
            case 3 -> reference();
            case 4 -> element();
            default -> copy();
        };
    }

    /** {@code t[k] = S { ... };} */
    private Step insert() {
        program.text().append("t[");
        Value key = program.unknown(1);
        program.text().append("] = S { a: ");
        Value a = value(Field.A);
        program.text().append(", p: P { y: ");
        Value y = value(Field.Y);
        program.text().append(", x: ");
        Value x = value(Field.X);
        program.text().append(" }, b: ");
        Value b = value(Field.B);
        program.text().append(" };\n");
        return state -> {
            long at = key.of(state) & 0xFFFF_FFFFL;
            long first = Field.A.stored(a.of(state));
            long third = Field.Y.stored(y.of(state));
            long second = Field.X.stored(x.of(state));
            long[] value = {first, second, third, b.of(state)};
            put(state, at, value);
            return Exit.NEXT;
        };
    }

    /** Sets an entry where it is, so that names for it see the change. */
    private static void put(State state, long key, long[] value) {
        long[] found = state.structs.get(key);
        if (found != null) {
            System.arraycopy(value, 0, found, 0, value.length);
        } else if (state.structs.size() < HASH_CAPACITY) {
            state.structs.put(key, value.clone());
        }
    }

    /** {@code t[k].f += v else { ... }} */
    private Step assignField() {
        Field field = field();
        boolean add = random.nextBoolean();
        program.text().append("t[");
        Value key = program.unknown(1);
        program.text().append("].").append(field.path).append(add ? " += " : " = ");
        Value value = value(field);
        program.text().append(" else { dsq_len(8888); }\n");
        return state -> {
            long[] found = state.structs.get(key.of(state) & 0xFFFF_FFFFL);
            if (found == null) {
                state.call(8888);
                return Exit.NEXT;
            }
            // The entry is found first: a call in the value cannot remove it.
            long operand = value.of(state);
            long old = found[field.ordinal()];
            found[field.ordinal()] = field.stored(add ? old + operand : operand);
            return Exit.NEXT;
        };
    }

    /** {@code let r = t[k] else { return; }} in a block of its own, and what is done with the fields. */
    private Step reference() {
        Field from = field();
        Field to = field();
        int name = names++;
        program.text().append("if v0 != 3 { let r").append(name).append(" = t[");
        Value key = program.unknown(1);
        program.text().append("] else { ");
        Step leave = program.leaveBody();
        program.text().append("}\nr").append(name).append('.').append(to.path);
        program.text().append(" ^= r").append(name).append('.').append(from.path);
        program.text().append(from == Field.Y ? (to == Field.Y ? "" : " as u64") : (to == Field.Y ? " as i64" : ""));
        program.text()
                .append(";\ndsq_len(r")
                .append(name)
                .append('.')
                .append(to.path)
                .append("); }\n");
        return state -> {
            if (state.locals[0] == 3) {
                return Exit.NEXT;
            }
            long[] found = state.structs.get(key.of(state) & 0xFFFF_FFFFL);
            if (found == null) {
                return leave.run(state);
            }
            found[to.ordinal()] = to.stored(found[to.ordinal()] ^ found[from.ordinal()]);
            state.call(found[to.ordinal()]);
            return Exit.NEXT;
        };
    }

    /** {@code for k, v in t { ... }}: a sum over the entries, whose order does not matter. */
    private Step each() {
        Field field = field();
        int name = names++;
        boolean cut = random.nextBoolean();
        program.text().append("{ var n" + name + " = 0 as u64;\nfor k" + name + ", g" + name + " in t {\n");
        program.text().append("n" + name + " += k" + name + " ^ (g" + name + "." + field.path + " as u64);\n");
        program.text().append(cut ? "if k" + name + " > 3 { delete t[k" + name + "]; continue; }\n" : "");
        program.text().append("g" + name + ".p.x += 1; }\ndsq_len(n" + name + "); }\n");
        return state -> {
            long sum = 0;
            for (Iterator<Map.Entry<Long, long[]>> entries =
                            state.structs.entrySet().iterator();
                    entries.hasNext(); ) {
                Map.Entry<Long, long[]> entry = entries.next();
                long[] value = entry.getValue();
                sum += entry.getKey() ^ value[field.ordinal()];
                if (cut && entry.getKey() > 3) {
                    entries.remove();
                } else {
                    value[Field.X.ordinal()] = Field.X.stored(value[Field.X.ordinal()] + 1);
                }
            }
            state.call(sum);
            return Exit.NEXT;
        };
    }

    /** {@code c[0].f = v;} and a swap of the two numbers of a struct inside. */
    private Step element() {
        int index = random.nextInt(ARRAY_SIZE);
        Field field = field();
        program.text()
                .append("c[")
                .append(index)
                .append("].")
                .append(field.path)
                .append(" = ");
        Value value = value(field);
        program.text().append(";\n");
        boolean swap = random.nextBoolean();
        if (swap) {
            program.text()
                    .append("c[" + index + "].p = P { x: c[" + index + "].p.y as u64, y: c[" + index
                            + "].p.x as i64 };\n");
        }
        return state -> {
            long[] element = state.elements[index];
            element[field.ordinal()] = field.stored(value.of(state));
            if (swap) {
                long x = element[Field.X.ordinal()];
                element[Field.X.ordinal()] = Field.X.stored(element[Field.Y.ordinal()]);
                element[Field.Y.ordinal()] = Field.Y.stored(x);
            }
            return Exit.NEXT;
        };
    }

    /** {@code t[k] = c[0];} or the other way round. */
    private Step copy() {
        int index = random.nextInt(ARRAY_SIZE);
        boolean out = random.nextBoolean();
        int name = names++;
        program.text().append(out ? "t[" : "if let r" + name + " = t[");
        Value key = program.unknown(1);
        program.text().append(out ? "] = c[" + index + "];\n" : "] { c[" + index + "] = r" + name + "; }\n");
        return state -> {
            long at = key.of(state) & 0xFFFF_FFFFL;
            long[] found = state.structs.get(at);
            if (out) {
                put(state, at, state.elements[index]);
            } else if (found != null) {
                System.arraycopy(found, 0, state.elements[index], 0, found.length);
            }
            return Exit.NEXT;
        };
    }

    /** {@code (t[k].f else v)} or {@code c[0].f}, as a u64. */
    Value read(int depth) {
        Field field = field();
        if (random.nextBoolean()) {
            int index = random.nextInt(ARRAY_SIZE);
            program.text().append("(c[" + index + "]." + field.path + " as u64)");
            return state -> state.elements[index][field.ordinal()];
        }
        program.text().append("((t[");
        Value key = program.unknown(depth - 1);
        program.text().append("].").append(field.path).append(" else ");
        Value fallback = value(field);
        program.text().append(") as u64)");
        return state -> {
            long[] found = state.structs.get(key.of(state) & 0xFFFF_FFFFL);
            return found != null ? found[field.ordinal()] : fallback.of(state);
        };
    }

    static long[][] elements() {
        return new long[ARRAY_SIZE][Field.values().length];
    }
}
