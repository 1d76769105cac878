package dev.gbpf.host.cli;

import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.ScenarioReader;
import dev.gbpf.lang.format.FormatResult;
import dev.gbpf.lang.format.PolicyFormatter;
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
    private static final long PER_BYTE = 64;

    // Fields, so that the JVM cannot find them dead.
    private static List<byte[]> filling = List.of();
    private static @Nullable Object result;

    private LiveMemory() {}

    /** An input, and what reads it. */
    private record Case(String text, Function<byte[], Object> parser) {}

    /**
     * Takes the length of the inputs, and prints for each input how many bytes, for each of its own, are needed to read it. With
     * a second argument, prints the names of the inputs for which {@value #PER_BYTE} bytes for each of their own and as many as
     * it says are too little; further arguments name the inputs to look at, all if there are none.
     */
    public static void main(String... arguments) {
        int length = Integer.parseInt(arguments[0]);
        List<String> names = List.of(arguments).subList(Math.min(2, arguments.length), arguments.length);
        Map<String, Case> cases = cases(length);
        if (!cases.keySet().containsAll(names)) {
            throw new IllegalArgumentException("names=" + names + " known=" + cases.keySet());
        }
        for (Map.Entry<String, Case> entry : cases.entrySet()) {
            if (!names.isEmpty() && !names.contains(entry.getKey())) {
                continue;
            }
            byte[] input = entry.getValue().text().getBytes(StandardCharsets.UTF_8);
            Runnable parse = () -> result = entry.getValue().parser().apply(input);
            // Classes, and what ANTLR learns of the grammar.
            parse.run();
            if (arguments.length == 1) {
                System.out.println(entry.getKey() + ": " + needed(parse, length));
            } else if (!fits(PER_BYTE * length + Long.parseLong(arguments[1]), parse)) {
                System.out.println(entry.getKey());
            }
        }
    }

    private static int needed(Runnable parse, int length) {
        int low = 0;
        int high = 160;
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

    /** Fields of different names: the same one twice is refused. */
    private static String fields(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < length - 16; i++) {
            text.append(Integer.toString(i, Character.MAX_RADIX)).append(": 1,");
        }
        return text.append("z_: 1").toString();
    }

    /** Fields of different names, which a parser may keep. */
    private static String names(int length) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; text.length() < length - 20; i++) {
            text.append('"').append(Integer.toString(i, Character.MAX_RADIX)).append("\":1,");
        }
        return text.append("\"_\":1}\n").toString();
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
        policy(cases, "sums of reads", repeated(length, hook, "a=" + "m[b]+".repeat(250) + "b;", "}"));
        policy(cases, "fallbacks", repeated(length, hook, "a=b[c]else 1;", "}"));
        policy(cases, "casts", repeated(length, hook, "a=b" + " as u".repeat(250) + ";", "}"));
        policy(cases, "conditions", repeated(length, hook, "if a{}", "}"));
        policy(cases, "other conditions", repeated(length, hook + "if a{}", "else if a{}", "}"));
        policy(cases, "entries", repeated(length, hook, "if let a=m[b]{}", "}"));
        policy(cases, "loops", repeated(length, hook, "for a in b{}", "}"));
        policy(cases, "variables", repeated(length, hook, "let a=1;", "}"));
        policy(cases, "structs", repeated(length, hook, "a=S{b:1};", "}"));
        policy(cases, "fields of a struct", repeated(length, "policy p;struct S{", "a:b,", "}"));
        policy(cases, "parameters", repeated(length, "policy p;fn f(", "a:b,", "a:b){}"));
        policy(cases, "patterns", repeated(length, hook + "match a{", "1|", "1=>{}}}"));
        policy(cases, "values of arms", repeated(length, hook + "a=match a{", "1=>1,", "};}"));
        policy(cases, "functions", repeated(length, "policy p;", "fn f(){}", ""));
        policy(cases, "imports", repeated(length, "policy p;", "import s::a;", ""));
        policy(cases, "steps", repeated(length, "policy p;test \"\"{", "at 1;", "}"));
        policy(cases, "asked hooks", repeated(length, "policy p;test \"\"{", "h{a:1};", "}"));
        policy(cases, "given lists", repeated(length, "policy p;test \"\"{given r=[", "1,", "];}"));
        policy(cases, "given jobs", repeated(length, "policy p;test \"\"{given q 1=[", "{},", "];}"));
        policy(cases, "fields of a job", repeated(length, "policy p;test \"\"{given q 1=[{", "a:1,", "}];}"));
        policy(cases, "fields of a value", repeated(length, hook + "a=S{", "b:1,", "};}"));
        policy(cases, "givens", repeated(length, "policy p;test \"\"{given a", ",a", ";}"));
        policy(cases, "comments", repeated(length, "policy p;", "/**/", ""));
        policy(cases, "lines of comments", repeated(length, "policy p;", "//\n", ""));
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
        for (String text : List.of("1,", "[],", "{},", "a: 1,", "\"\",", "[1],", "{a: 1},", "a,", "\u00e4,")) {
            cases.put("scenario " + text, new Case(repeated(length, "name: [", text, "1]"), LiveMemory::scenario));
            cases.put(
                    "scenario, tenants " + text,
                    new Case(repeated(length, "name: a\ntenants: [", text, "1]"), LiveMemory::scenario));
        }
        for (String head : List.of("", "a: |\n ", "a: >\n ", "a: \"", "a: '")) {
            cases.put(
                    "scenario, text after " + head.strip(),
                    new Case(repeated(length, head, "x ", ""), LiveMemory::scenario));
        }
        cases.put("scenario, one word", new Case(repeated(length, "name: ", "x", ""), LiveMemory::scenario));
        cases.put("scenario, one field", new Case(repeated(length, "", "x", ": 1"), LiveMemory::scenario));
        cases.put("scenario, fields", new Case(fields(length), LiveMemory::scenario));
        cases.put("scenario, lines of fields", new Case(fields(length).replace(',', '\n'), LiveMemory::scenario));
        cases.put("scenario, groups", new Case("a: {" + fields(length - 5) + "}", LiveMemory::scenario));
        cases.put("scenario, anchors", new Case(repeated(length, "a: [", "&a 1,", "1]"), LiveMemory::scenario));
        cases.put("scenario, tags", new Case(repeated(length, "a: [", "!a 1,", "1]"), LiveMemory::scenario));
        cases.put("scenario, escapes", new Case(repeated(length, "a: \"", "\\n", "\""), LiveMemory::scenario));
        for (String text : List.of(
                "[", "{", "x", "- a\n", "- a: 1\n ", "- \n ", "- - a\n ", "\n", "# x\n", "? a\n ", "- [a]\n ")) {
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
        for (String field : List.of("mem", "id", "x", "program_hex")) {
            cases.put(
                    "line of JSON, text of " + field,
                    new Case(repeated(length, "{\"" + field + "\":\"", "0", "\"}\n"), LiveMemory::lines));
            cases.put(
                    "line of JSON, number of " + field,
                    new Case(repeated(length, "{\"" + field + "\":", "1", "}\n"), LiveMemory::lines));
        }
        String map = "{\"kind\":\"array\",\"key_size\":4,\"value_size\":8,\"max_entries\":1},";
        cases.put(
                "line of JSON, maps",
                new Case(repeated(length, "{\"program_hex\":\"\",\"maps\":[", map, "{}]}\n"), LiveMemory::lines));
        cases.put(
                "line of JSON, data",
                new Case(
                        repeated(length, "{\"program_hex\":\"\",\"data\":[", "{\"hex\":\"00\"},", "{}]}\n"),
                        LiveMemory::lines));
        cases.put("line of JSON, fields", new Case(repeated(length, "{", "\"\":1,", "\"\":1}\n"), LiveMemory::lines));
        cases.put("line of JSON, names", new Case(names(length), LiveMemory::lines));
        cases.put("line of JSON, no JSON", new Case(repeated(length, "", "x", "\n"), LiveMemory::lines));
        cases.put("line of JSON, blanks", new Case(repeated(length, "", " ", "{}\n"), LiveMemory::lines));
        cases.put("line of JSON, empty", new Case(repeated(length, "", "\n", ""), LiveMemory::lines));
        return cases;
    }

    private static void policy(Map<String, Case> cases, String name, String text) {
        cases.put("policy, " + name, new Case(text, LiveMemory::parse));
        cases.put("layout, " + name, new Case(text, LiveMemory::format));
    }

    /** The text goes nowhere, as it would piece by piece to a file. */
    private static Object format(byte[] input) {
        FormatResult result = PolicyFormatter.format(source(input));
        if (result instanceof FormatResult.Formatted layout) {
            layout.isUnchanged();
            layout.print(_ -> {});
        }
        return result;
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
