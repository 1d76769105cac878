package dev.gbpf.lang.query;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Constants;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.lang.policytest.HelperEvent;
import dev.gbpf.lang.query.Completion.Kind;
import dev.gbpf.lang.syntax.SourceToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What could stand at a place, the likeliest first. */
final class CompletionFinder {
    private static final List<String> TYPES = List.of("u64", "i64", "bool");
    private static final List<String> STORED = List.of("u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64");

    private final Outline outline;
    private final List<SourceToken> tokens;
    private final MeaningFinder meanings;
    private final int offset;
    /** The index of the token before the word that is being typed; -1 at the start of the file. */
    private final int previous;
    /** The innermost bracket around the place, -1 at the top level. */
    private final int opener;

    private final List<Completion> found = new ArrayList<>();

    private CompletionFinder(Outline outline, MeaningFinder meanings, int offset) {
        this.outline = outline;
        this.tokens = outline.tokens();
        this.meanings = meanings;
        this.offset = offset;
        int word = outline.wordAt(offset);
        int at = word >= 0 ? word : Math.min(outline.firstFrom(offset), tokens.size() - 1);
        this.previous = at - 1;
        this.opener = previous < 0
                ? -1
                : outline.nesting().closer(previous) >= 0
                        ? previous
                        : outline.nesting().opener(previous);
    }

    static List<Completion> at(Outline outline, MeaningFinder meanings, int offset) {
        if (outline.isInProse(offset)) {
            return List.of();
        }
        CompletionFinder finder = new CompletionFinder(outline, meanings, offset);
        finder.find();
        return finder.found;
    }

    private void find() {
        if (before(0, ".")) {
            if (previous > 0) {
                meanings.contextOf(previous - 1).ifPresent(this::fields);
            }
        } else if (before(0, "hook")) {
            hooks();
        } else if (before(0, "as")) {
            List.of("u64", "i64").forEach(t -> plain(t, Kind.TYPE, "type"));
        } else if (before(0, ":") && (before(2, "let") || before(2, "var") || before(2, "const"))) {
            TYPES.forEach(t -> plain(t, Kind.TYPE, "type"));
        } else if (before(0, ":") && before(2, "map")) {
            add("hash", Kind.TYPE, "keys and values", "", "hash<${1:u32}, ${2:u64}>[${3:64}];");
            add("lru_hash", Kind.TYPE, "keys and values, never full", "", "lru_hash<${1:u32}, ${2:u64}>[${3:64}];");
            add("array", Kind.TYPE, "values by index", "", "array<${1:u64}>[${2:1}];");
            add("percpu_array", Kind.TYPE, "values by index, for each thread", "", "percpu_array<${1:u64}>[${2:64}];");
        } else if (before(0, "<") || (before(0, ",") && before(2, "<"))) {
            STORED.forEach(t -> plain(t, Kind.TYPE, "type of keys and values"));
            outline.definitions().stream()
                    .filter(d -> d.kind() == Definition.Kind.STRUCT)
                    .forEach(d -> plain(d.name().text(), Kind.TYPE, d.text()));
        }
        if (found.isEmpty() && !before(0, ".")) {
            byPlace();
        }
    }

    private void byPlace() {
        if (opener < 0) {
            declarations();
            return;
        }
        Optional<Hook> asked = tokens.get(opener).is("{") ? meanings.invoked(opener) : Optional.empty();
        if (asked.isPresent() && (previous == opener || before(0, ","))) {
            asked.get().context().fields().stream()
                    .filter(f -> !f.writable())
                    .forEach(f -> field(asked.get(), f, f.name() + ": ${1:0}"));
            return;
        }
        boolean inTest = outline.around(offset)
                .filter(d -> d.kind() == Definition.Kind.TEST)
                .isPresent();
        boolean begins = before(0, ";") || before(0, "{") || before(0, "}");
        if (begins && inTest) {
            steps();
        } else if (begins) {
            statements();
        } else {
            expressions(inTest);
        }
    }

    private void declarations() {
        keyword("hook", "hook ${1:on_submit}(ctx) {\n    $0\n}");
        keyword("const", "const ${1:NAME} = ${2:1};");
        keyword("map", "map ${1:name}: ${2:hash<u32, u64>}[${3:64}];");
        keyword("struct", "struct ${1:Name} {\n    ${2:field}: ${3:u64},\n}");
        keyword("fn", "fn ${1:name}(${2:a}: u64) -> u64 {\n    $0\n}");
        keyword("test", "test \"${1:what should hold}\" {\n    $0\n}");
        if (tokens.stream().noneMatch(t -> t.is("policy"))) {
            keyword("policy", "policy ${1:name};");
        }
    }

    private void statements() {
        names(true);
        keyword("let", "let ${1:x} = ${2:0};");
        keyword("var", "var ${1:x} = ${2:0};");
        keyword("if", "if ${1:condition} {\n    $0\n}");
        add(
                "if let",
                Kind.KEYWORD,
                "an entry that may be absent",
                Descriptions.keyword("let"),
                "if let ${1:v} = ${2:m[k]} {\n    $0\n}");
        keyword("for", "for ${1:i} in ${2:0..8} {\n    $0\n}");
        keyword("return", "return ${1};");
        keyword("delete", "delete ${1:m[k]};");
        keyword("break", "break;");
        keyword("continue", "continue;");
        helpers(true);
    }

    private void steps() {
        keyword("given", "given ${1:m[k] = 1};");
        keyword("expect", "expect ${1:condition};");
        keyword("at", "at ${1:1ms};");
        for (Hook hook : Hook.values()) {
            add(
                    hook.symbol(),
                    Kind.HOOK,
                    "ask it",
                    Descriptions.hook(hook),
                    "let ${1:r} = " + hook.symbol() + " { $2 };");
        }
    }

    private void expressions(boolean inTest) {
        Optional<Hook> hook = meanings.hookAround(offset);
        if (before(0, "delete")) {
            maps("[${1:key}];");
            return;
        }
        if (before(0, "return") || inTest) {
            verdicts(hook);
        }
        names(false);
        if (inTest) {
            Stream.concat(
                            Stream.of("present", "absent"),
                            Arrays.stream(HelperEvent.values()).map(HelperEvent::word))
                    .forEach(w -> add(w, Kind.HELPER, "expectation", "", w + "($1)"));
        }
        helpers(false);
        add("min", Kind.HELPER, "the lesser", Descriptions.keyword("min"), "min(${1:a}, ${2:b})");
        add("max", Kind.HELPER, "the greater", Descriptions.keyword("max"), "max(${1:a}, ${2:b})");
        List.of("true", "false").forEach(w -> plain(w, Kind.KEYWORD, "bool"));
        if (!before(0, "return") && !inTest) {
            verdicts(hook);
        }
        Constants.all().forEach(c -> add(c.name(), Kind.CONSTANT, number(c), Descriptions.value(c), c.name()));
    }

    /** Names of the policy that are in sight; the nearest first. */
    private void names(boolean statement) {
        for (Definition definition : outline.definitions().reversed()) {
            if (definition.from() > offset || offset > definition.to() || isOwnDeclaration(definition)) {
                continue;
            }
            String name = definition.name().text();
            switch (definition.kind()) {
                case CONSTANT -> {
                    if (!statement) {
                        add(name, Kind.CONSTANT, definition.text(), "", name);
                    }
                }
                case CONTEXT -> add(name, Kind.VARIABLE, "the context", "", name);
                case VARIABLE, COUNTER, ENTRY, PARAMETER -> add(name, Kind.VARIABLE, definition.text(), "", name);
                case FUNCTION -> add(name, Kind.HELPER, definition.text(), "", name + "($1)" + (statement ? ";" : ""));
                case STRUCT, MAP, HOOK, TEST -> {}
            }
        }
        maps(statement ? "[${1:key}] = ${2:value};" : "[${1:key}] else ${2:0}");
    }

    /** Whether the place lies in the declaration of a variable, where it is not in sight yet. */
    private boolean isOwnDeclaration(Definition definition) {
        return definition.kind() == Definition.Kind.VARIABLE && definition.holds(offset);
    }

    private void maps(String suffix) {
        for (Definition definition : outline.definitions()) {
            if (definition.kind() == Definition.Kind.MAP) {
                String name = definition.name().text();
                add(name, Kind.MAP, definition.text(), "", name + suffix);
            }
        }
    }

    private void verdicts(Optional<Hook> hook) {
        List<Hook> hooks = hook.map(List::of).orElseGet(() -> Arrays.asList(Hook.values()));
        for (Hook each : hooks) {
            for (NamedValue verdict : each.verdict().names()) {
                if (found.stream().noneMatch(c -> c.label().equals(verdict.name()))) {
                    add(
                            verdict.name(),
                            Kind.VERDICT,
                            "verdict of " + each.symbol(),
                            Descriptions.value(verdict),
                            verdict.name());
                }
            }
        }
    }

    private void helpers(boolean statement) {
        Hook hook = meanings.hookAround(offset).orElse(Hook.ON_TICK);
        for (Helper helper : Helper.values()) {
            boolean byName = helper.arguments().stream().allMatch(a -> a.kind() == ArgumentKind.SCALAR);
            if (byName && hook.helpers().contains(helper)) {
                List<String> names = Descriptions.names(helper);
                String arguments = IntStream.range(0, names.size())
                        .mapToObj(i -> "${" + (i + 1) + ":" + names.get(i) + "}")
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("");
                add(
                        helper.symbol(),
                        Kind.HELPER,
                        Descriptions.signature(helper),
                        Descriptions.helper(helper),
                        helper.symbol() + "(" + arguments + ")" + (statement ? ";" : ""));
            }
        }
    }

    /** Hooks that the policy has not yet. */
    private void hooks() {
        for (Hook hook : Hook.values()) {
            boolean there = outline.definitions().stream()
                    .anyMatch(d -> d.kind() == Definition.Kind.HOOK
                            && d.name().text().equals(hook.symbol())
                            && !d.holds(offset));
            if (!there) {
                add(hook.symbol(), Kind.HOOK, "hook", Descriptions.hook(hook), hook.symbol() + "(ctx) {\n    $0\n}");
            }
        }
    }

    private void fields(Hook hook) {
        hook.context().fields().forEach(f -> field(hook, f, f.name()));
    }

    private void field(Hook hook, ContextField field, String insertion) {
        add(
                field.name(),
                Kind.FIELD,
                field.writable() ? "output of " + hook.symbol() : "field of " + hook.symbol(),
                Descriptions.field(hook, field),
                insertion);
    }

    private void keyword(String word, String insertion) {
        add(word, Kind.KEYWORD, "", Descriptions.keyword(word), insertion);
    }

    private void plain(String word, Kind kind, String detail) {
        add(word, kind, detail, "", word);
    }

    private void add(String label, Kind kind, String detail, String documentation, String insertion) {
        found.add(new Completion(label, kind, detail, documentation, insertion));
    }

    private static String number(NamedValue value) {
        return value.value() == -1 ? "all ones" : Long.toString(value.value());
    }

    /** Whether the token so many before the word is this symbol or keyword. */
    private boolean before(int distance, String text) {
        int index = previous - distance;
        return index >= 0 && tokens.get(index).is(text);
    }
}
