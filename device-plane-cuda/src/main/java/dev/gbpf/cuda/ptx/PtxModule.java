package dev.gbpf.cuda.ptx;

import dev.gbpf.isa.Program;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Programs as one module of PTX. Each is a function
 *
 * <pre>
 * .func (.param .b64 r0) NAME(.param .b64 context, .param .b64 now_ns, .param .b32 cpu, .param .b64 log)
 * </pre>
 *
 * and the module's variable {@value #TABLE} has their addresses, of 8 bytes each, in the order in which the programs were added; 0 for
 * one that was skipped. Nothing else is visible, and nothing else is needed from outside.
 */
public final class PtxModule {
    /** The variable by which functions are found. */
    public static final String TABLE = "gbpf_code";

    /** Instructions of all functions together; functions may share some. */
    private static final int MOST_INSTRUCTIONS = 65_536;

    private static final String HEAD = """
            .version 7.8
            .target sm_80
            .address_size 64

            """;

    private final StringBuilder text = new StringBuilder(HEAD);
    private final StringBuilder calls = new StringBuilder();
    private final List<String> table = new ArrayList<>();
    private int instructions;
    private int stackBytes;
    private boolean hasCalls;

    /** Leaves the next place of the table without a program. */
    public PtxModule skip() {
        table.add("0");
        return this;
    }

    /**
     * Compiles a verified program for the next place of the table.
     *
     * @param name of its function
     * @param arrays the maps that it uses, by index
     * @throws IllegalArgumentException when it has an instruction that the verifier refuses, or the module becomes too long
     */
    public PtxModule add(String name, Program program, Map<Integer, PtxMap> arrays) {
        PtxMaps maps = new PtxMaps(arrays);
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
            body.callees().stream()
                    .filter(callee -> !bodies.containsKey(callee))
                    .forEach(open::set);
        }
        Map<Integer, PtxFunction> functions = new LinkedHashMap<>();
        bodies.forEach((entry, body) -> functions.put(
                entry, new PtxFunction(program, body, e -> e == 0 ? name : name + "_" + program.pcOf(e), maps)));
        functions.values().forEach(function -> text.append(function.head()).append(";\n"));
        functions.values().forEach(function -> text.append('\n').append(function.text()));
        text.append('\n');
        table.add(name);
        hasCalls |= functions.values().stream().anyMatch(PtxFunction::calls);
        calls.append("""
                    {
                    .param .b64 answer;
                    .param .b64 context;
                    .param .b64 now;
                    .param .b32 cpu;
                    .param .b64 log;
                    st.param.b64 [context], %none;
                    st.param.b64 [now], %none;
                    st.param.b32 [cpu], 0;
                    st.param.b64 [log], %none;
                    call (answer), NAME, (context, now, cpu, log);
                    ld.param.b64 %answer, [answer];
                    st.global.b64 [%to], %answer;
                    }
                """.replace("NAME", name));
        stackBytes = Math.max(stackBytes, deepest(0, bodies, functions, new LinkedHashMap<>()));
        return this;
    }

    /** Bytes of the deepest chain of calls; the verifier allows eight frames and no recursion. */
    private static int deepest(
            int entry,
            Map<Integer, FunctionBody> bodies,
            Map<Integer, PtxFunction> functions,
            Map<Integer, Integer> known) {
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
        for (int callee = body.callees().nextSetBit(0);
                callee >= 0;
                callee = body.callees().nextSetBit(callee + 1)) {
            below = Math.max(below, deepest(callee, bodies, functions, known));
        }
        known.put(entry, below + function.stackBytes());
        return below + function.stackBytes();
    }

    /** Places of the table so far. */
    public int size() {
        return table.size();
    }

    /** Bytes of a thread's stack that a run of any of them takes at most. */
    public int stackBytes() {
        return stackBytes;
    }

    /** The module's text. */
    public String text() {
        return text
                + (hasCalls ? kernel() : "")
                + ".visible .global .align 8 .u64 "
                + TABLE
                + "["
                + Math.max(1, table.size())
                + "] = {"
                + String.join(", ", table.isEmpty() ? List.of("0") : table)
                + "};\n";
    }

    /**
     * A kernel that nobody launches and that calls all programs, since the driver's linker throws away what no kernel calls: of a function whose
     * address is taken it keeps the function, and not those that it calls. Where there are none it is left out: a module without a kernel is
     * loaded faster.
     */
    private String kernel() {
        return """
                .visible .entry gbpf_code_all(.param .u64 to)
                {
                    .reg .b64 %to, %none, %answer;
                    ld.param.u64 %to, [to];
                    mov.b64 %none, 0;
                """ + calls + "    ret;\n}\n\n";
    }
}
