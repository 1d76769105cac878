package dev.gbpf.host.cli;

import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.ScenarioReader;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.lang.syntax.PolicyParser;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds how much of the heap a parser needs at once, in a JVM of its own: all but a given number of bytes are filled, and
 * either the parser gets along or the JVM throws OutOfMemoryError.
 */
final class LiveMemory {
    private static final int PIECE = 1 << 12;
    private static final int HEADER = 16;

    // Fields, so that the JVM cannot find them dead.
    private static List<byte[]> filling = List.of();
    private static @Nullable Object result;

    private LiveMemory() {}

    /** An input, and what reads it. */
    private record Case(String text, Function<byte[], Object> parser) {}

    /**
     * Takes the length of the inputs and, optionally, bytes for each of their bytes. Without the latter, prints the least for
     * each input with which it can be read; with it, the names of the inputs for which it is too little, of those whose names
     * begin with the third argument.
     */
    public static void main(String... arguments) {
        int length = Integer.parseInt(arguments[0]);
        for (Map.Entry<String, Case> entry : cases(length).entrySet()) {
            if (arguments.length > 2 && !entry.getKey().startsWith(arguments[2])) {
                continue;
            }
            byte[] input = entry.getValue().text().getBytes(StandardCharsets.UTF_8);
            Runnable parse = () -> result = entry.getValue().parser().apply(input);
            // Classes, and what ANTLR learns of the grammar.
            parse.run();
            if (arguments.length == 1) {
                System.out.println(entry.getKey() + ": " + needed(parse, length));
            } else if (!fits(Long.parseLong(arguments[1]) * length, parse)) {
                System.out.println(entry.getKey());
            }
        }
    }

    private static int needed(Runnable parse, int length) {
        int low = 0;
        int high = 512;
        while (high - low > 4) {
            int middle = (low + high) / 2;
            if (fits((long) middle * length, parse)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private static boolean fits(long bytes, Runnable parse) {
        result = null;
        filling = new ArrayList<>();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long left = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory()) - bytes;
        try {
            for (; left > PIECE; left -= PIECE) {
                filling.add(new byte[PIECE - HEADER]);
            }
            parse.run();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        } finally {
            filling = List.of();
            result = null;
        }
    }

    private static String repeated(int length, String head, String unit, String tail) {
        int count = (length - head.length() - tail.length()) / unit.length();
        return head + unit.repeat(count) + tail;
    }

    private static Map<String, Case> cases(int length) {
        Map<String, Case> cases = new LinkedHashMap<>();
        String hook = "policy p;hook init(c){";
        policy(cases, "sums of numbers", repeated(length, hook, "a=" + "1+".repeat(250) + "1;", "}"));
        policy(cases, "sums of names", repeated(length, hook, "a=" + "b+".repeat(250) + "b;", "}"));
        policy(cases, "negations", repeated(length, hook, "a=" + "-".repeat(250) + "1;", "}"));
        policy(cases, "parentheses", repeated(length, hook, "a=" + "(".repeat(60) + "1" + ")".repeat(60) + ";", "}"));
        policy(cases, "blocks", repeated(length, hook, "{}", "}"));
        policy(cases, "nested blocks", repeated(length, hook, "{".repeat(60) + "}".repeat(60), "}"));
        policy(cases, "assignments", repeated(length, hook, "a=1;", "}"));
        policy(cases, "calls", repeated(length, hook, "f();", "}"));
        policy(cases, "arguments", repeated(length, hook + "f(", "1,", "1);}"));
        policy(cases, "arms", repeated(length, hook + "match a{", "1=>{}", "}}"));
        policy(cases, "fields", repeated(length, hook + "a=", "a.", "a;}"));
        policy(cases, "constants", repeated(length, "policy p;", "const A=1;", ""));
        policy(cases, "types of a map", repeated(length, "policy p;map m:h<", "a,", "a>[1];"));
        policy(cases, "one comment", repeated(length, "policy p;/*", "x", "*/"));
        policy(cases, "one name", repeated(length, "policy p", "x", ";"));
        policy(cases, "one title", repeated(length, "policy p;test \"", "x", "\"{}"));
        policy(cases, "semicolons", repeated(length, hook, ";", "}"));
        policy(cases, "empty lines", repeated(length, "policy p;", "\n", ""));
        policy(cases, "characters of no token", repeated(length, "policy p;", "$", ""));
        for (String text : List.of("exit\n", "r0=1\n", "(r", "(", "x", "a:;", ";")) {
            cases.put("assembly " + text.strip(), new Case(repeated(length, "", text, ""), LiveMemory::assemble));
        }
        cases.put("assembly comment", new Case(repeated(length, "#", "x", ""), LiveMemory::assemble));
        cases.put(
                "policy assembly",
                new Case(repeated(length, ".policy p\n.hook init\n", "r0=1\n", "exit"), LiveMemory::assemblePolicy));
        for (String text : List.of("1,", "[],", "{},", "a: 1,", "\"\",")) {
            cases.put("scenario " + text, new Case(repeated(length, "name: [", text, "1]"), LiveMemory::scenario));
        }
        for (String text : List.of("[", "x", "- a\n", "\n", "# x\n")) {
            cases.put(
                    "scenario " + text.strip(), new Case(repeated(length, "name:\n ", text, ""), LiveMemory::scenario));
        }
        for (String text : List.of("1,", "[],", "{},", "\"\",", "[")) {
            cases.put(
                    "line of JSON, id " + text,
                    new Case(repeated(length, "{\"id\":[", text, "1]}\n"), LiveMemory::lines));
            cases.put(
                    "line of JSON, field " + text,
                    new Case(repeated(length, "{\"x\":[", text, "1]}\n"), LiveMemory::lines));
        }
        cases.put(
                "line of JSON, code",
                new Case(repeated(length, "{\"program_hex\":\"", "9500000000000000", "\"}\n"), LiveMemory::lines));
        cases.put("line of JSON, empty", new Case(repeated(length, "", "\n", ""), LiveMemory::lines));
        return cases;
    }

    private static void policy(Map<String, Case> cases, String name, String text) {
        cases.put("policy, " + name, new Case(text, LiveMemory::parse));
    }

    private static SourceFile source(byte[] input) {
        return new SourceFile("input", new String(input, StandardCharsets.UTF_8));
    }

    private static Object parse(byte[] input) {
        SourceFile source = source(input);
        DiagnosticCollector diagnostics = new DiagnosticCollector(source.name());
        return List.of(source, PolicyParser.parse(source, diagnostics, ParserMode.NORMAL), diagnostics);
    }

    private static Object assemble(byte[] input) {
        return Assembler.assemble(source(input));
    }

    private static Object assemblePolicy(byte[] input) {
        return PolicyAssembler.assemble(source(input));
    }

    private static Object scenario(byte[] input) {
        try {
            return new ScenarioReader(List.of("fifo")).parse("input", input, Path.of(""));
        } catch (ScenarioException e) {
            return e;
        }
    }

    /** The answers go nowhere, as they would line by line to another process. */
    private static Object lines(byte[] input) {
        Session session = new Session(new Cli(Path.of(""))
                .stdin(input)
                .console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
        new BytecodeLines(session).answerAll((program, answer) -> answer.put("bytes", program.code().length));
        return session;
    }
}
