package dev.gbpf.cuda.ptx;

import dev.gbpf.isa.Program;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Programs as one module of PTX. Each is a function
 *
 * <pre>
 * .func (.param .b64 r0) NAME(.param .b64 context, .param .b64 now_ns, .param .b32 cpu, .param .b64 log)
 * </pre>
 *
 * and the module's variable {@value #TABLE} has their addresses, of 8 bytes each, in the order in which the programs were given; 0 for
 * one that was left out. Nothing else is visible, and nothing else is needed from outside.
 */
public final class PtxModule {
    /** The variable by which functions are found. */
    public static final String TABLE = "gbpf_code";

    /** Instructions of all functions together; functions may share some. */
    private static final int MOST_INSTRUCTIONS = 65_536;

    private static final String HEAD =
            """
            .version 7.8
            .target sm_80
            .address_size 64

            """;

    private final StringBuilder text = new StringBuilder(HEAD);
    private final List<String> table = new ArrayList<>();
    private final PtxMaps maps;
    private int instructions;
    private int stackBytes;

    private PtxModule(Map<Integer, PtxMap> maps) {
        this.maps = new PtxMaps(maps);
    }

    /**
     * Compiles verified programs.
     *
     * @param programs by place in the table; null for a place without one
     * @param names of their functions
     * @param maps those that the programs use, by index
     * @throws IllegalArgumentException when one has an instruction that the verifier refuses, or they are too long
     */
    public static PtxModule of(List<? extends @Nullable Program> programs, List<String> names, Map<Integer, PtxMap> maps) {
        PtxModule module = new PtxModule(maps);
        for (int i = 0; i < programs.size(); i++) {
            Program program = programs.get(i);
            if (program == null) {
                module.table.add("0");
            } else {
                module.add(program, names.get(i));
            }
        }
        return module;
    }

    private void add(Program program, String name) {
        Map<Integer, FunctionBody> bodies = new LinkedHashMap<>();
        BitSet open = new BitSet();
        open.set(0);
        for (int entry = 0; entry >= 0; entry = open.nextSetBit(0)) {
            open.clear(entry);
            FunctionBody body = FunctionBody.of(program, entry);
            bodies.put(entry, body);
            instructions += body.reached().cardinality();
            if (instructions > MOST_INSTRUCTIONS) {
                throw new IllegalArgumentException("functions share so much that they have more than "
                        + MOST_INSTRUCTIONS + " instructions by themselves");
            }
            body.callees().stream().filter(callee -> !bodies.containsKey(callee)).forEach(open::set);
        }
        Map<Integer, PtxFunction> functions = new LinkedHashMap<>();
        bodies.forEach((entry, body) -> functions.put(
                entry,
                new PtxFunction(
                        program, body, e -> e == 0 ? name : name + "_" + program.pcOf(e), maps)));
        functions.values().forEach(function -> text.append(function.head()).append(";\n"));
        functions.values().forEach(function -> text.append('\n').append(function.text()));
        text.append('\n');
        table.add(name);
        stackBytes = Math.max(stackBytes, deepest(0, bodies, functions, new LinkedHashMap<>()));
    }

    /** Bytes of the deepest chain of calls; the verifier allows eight frames and no recursion. */
    private static int deepest(
            int entry, Map<Integer, FunctionBody> bodies, Map<Integer, PtxFunction> functions, Map<Integer, Integer> known) {
        Integer before = known.get(entry);
        if (before != null) {
            return before;
        }
        int below = 0;
        FunctionBody body = bodies.get(entry);
        PtxFunction function = functions.get(entry);
        if (body == null || function == null) {
            throw new IllegalStateException("function " + entry + " was not found");
        }
        known.put(entry, 0); // a program that calls itself was not verified
        for (int callee = body.callees().nextSetBit(0); callee >= 0; callee = body.callees().nextSetBit(callee + 1)) {
            below = Math.max(below, deepest(callee, bodies, functions, known));
        }
        known.put(entry, below + function.stackBytes());
        return below + function.stackBytes();
    }

    /** Bytes of a thread's stack that a run of any of them takes at most. */
    public int stackBytes() {
        return stackBytes;
    }

    /** The module's text. */
    public String text() {
        return text + ".visible .global .align 8 .u64 " + TABLE + "[" + Math.max(1, table.size()) + "] = {"
                + String.join(", ", table.isEmpty() ? List.of("0") : table) + "};\n";
    }
}
