package dev.gbpf.lang.query;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.ReturnKind;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.isa.Width;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in Markdown what words stand for. */
final class Descriptions {
    private static final Map<String, String> KEYWORDS = Map.ofEntries(
            Map.entry(
                    "policy",
                    "`policy NAME;` names the policy. Maps belong to this name, and outlive a swap to its next version."),
            Map.entry("const", "`const NAME = expression;` names a number that the compiler can compute."),
            Map.entry(
                    "map",
                    "`map NAME: hash<key, value>[capacity];` or `map NAME: array<value>[capacity];` is memory that lasts"
                            + " from one decision to the next."),
            Map.entry("struct", "`struct NAME { field: type, ... }` is the layout of values of maps."),
            Map.entry("fn", "`fn NAME(a: u64) -> u64 { ... }` is a function that hooks call."),
            Map.entry(
                    "hook",
                    "`hook NAME(ctx) { ... }` answers one kind of decision. What a policy leaves out has a default."),
            Map.entry(
                    "test",
                    "`test \"what should hold\" { ... }` asks hooks and looks at what they did; `gbpf test` runs it."),
            Map.entry(
                    "let",
                    "`let x = e;` names a value that stays. `if let v = m[k] { ... }` asks for an entry of a map, and names it."),
            Map.entry("var", "`var x = e;` declares a variable that changes."),
            Map.entry("delete", "`delete m[k];` removes an entry of a hash; an absent key is fine."),
            Map.entry("if", "`if condition { ... } else if condition { ... } else { ... }`; conditions are `bool`."),
            Map.entry(
                    "else",
                    "After a map read or a checked operator, what it gives when there is no value: `m[k] else 0`."),
            Map.entry(
                    "for",
                    "`for i in a..b max n { ... }` counts from `a` up to, but not including, `b`; `a..=b` includes it."),
            Map.entry("in", "`for i in a..b { ... }` counts from `a` up to, but not including, `b`."),
            Map.entry("max", "`max(a, b)` is the greater one. After the range of a loop: at most so many times."),
            Map.entry("min", "`min(a, b)` is the lesser one."),
            Map.entry("break", "`break;` leaves the innermost loop."),
            Map.entry("continue", "`continue;` goes on with the next step of the innermost loop."),
            Map.entry("return", "`return verdict;` ends the hook; `return;` gives its default verdict."),
            Map.entry("as", "`x as i64`, `x as u64` keep the 64 bits; `b as u64` is 0 or 1."),
            Map.entry("given", "`given m[k] = v;` sets what a test starts from."),
            Map.entry("expect", "`expect condition;` says what must hold."),
            Map.entry("at", "`at 5ms;` sets the clock of a test."));

    private Descriptions() {}

    /**
     * What a meaning is.
     *
     * @param type of a name that the policy declares, or null when the compiler cannot tell
     */
    static String of(Meaning meaning, @Nullable String type) {
        return switch (meaning) {
            case Meaning.Declared(Definition definition) -> declared(definition, type);
            case Meaning.HookName(Hook hook) -> hook(hook);
            case Meaning.Field(Hook hook, ContextField field) -> field(hook, field);
            case Meaning.HelperName(Helper helper) -> helper(helper);
            case Meaning.Verdict(Hook hook, NamedValue value) ->
                value(value) + "\n\nA verdict of `" + hook.symbol() + "`.";
            case Meaning.InterfaceConstant(NamedValue value) -> value(value);
            case Meaning.Keyword(String word) -> keyword(word);
        };
    }

    /** What a word of the language is for; empty when there is nothing to say. */
    static String keyword(String word) {
        return KEYWORDS.getOrDefault(word, "");
    }

    private static String declared(Definition definition, @Nullable String type) {
        String kind = switch (definition.kind()) {
            case CONSTANT -> "A constant";
            case STRUCT -> "A struct";
            case FUNCTION -> "A function";
            case PARAMETER -> "A parameter";
            case MAP -> "A map";
            case HOOK -> "A hook";
            case TEST -> "A test";
            case CONTEXT -> "The context of the hook";
            case VARIABLE -> "A variable";
            case COUNTER -> "The counter of a loop";
            case ENTRY -> "An entry of a map: assigning to it stores in place";
        };
        return code(definition.text()) + "\n\n" + kind + (type == null ? "." : ": `" + type + "`.");
    }

    static String hook(Hook hook) {
        String verdicts = hook.verdict().names().stream()
                .map(v -> "- `" + v.name() + "`: " + v.doc())
                .collect(Collectors.joining("\n"));
        return code("hook " + hook.symbol() + "(ctx)") + "\n\n" + hook.doc() + "\n\n" + verdicts
                + "\n\nWithout a verdict: " + hook.verdict().defaultDoc() + ". Budget: " + grouped(hook.budget())
                + " instructions.";
    }

    static String field(Hook hook, ContextField field) {
        String range = field.bounded()
                ? "\n\nRange: " + Long.toUnsignedString(field.min()) + " to " + Long.toUnsignedString(field.max()) + "."
                : "";
        return code("ctx." + field.name() + ": u64") + "\n\n" + field.doc() + range + "\n\n"
                + (field.writable() ? "An output" : "A field") + " of `" + hook.symbol() + "`"
                + (field.width() == Width.DW ? "." : ", " + field.width().bits() + " bits.");
    }

    static String helper(Helper helper) {
        String result = helper.returnKind() == ReturnKind.MAP_VALUE_OR_NULL
                ? ""
                : "\n\nGives " + bound(helper.returnMin())
                        + (helper.returnMin() == helper.returnMax() ? "" : " to " + bound(helper.returnMax())) + ".";
        return code(signature(helper)) + "\n\n" + helper.doc() + result
                + "\n\nIn the worst case of a hook: one helper call.";
    }

    static String value(NamedValue value) {
        return code(value.name() + " = " + (value.value() == -1 ? "0xffff_ffff_ffff_ffff" : value.value())) + "\n\n"
                + value.doc();
    }

    /** A helper as it is called: name and arguments. */
    static String signature(Helper helper) {
        return names(helper).stream().collect(Collectors.joining(", ", helper.symbol() + "(", ")"));
    }

    static List<String> names(Helper helper) {
        return helper.arguments().stream().map(Helper.Argument::name).toList();
    }

    private static String code(String text) {
        return "```gbpf\n" + text.replace("`", "'") + "\n```";
    }

    private static String bound(long value) {
        return value == Long.MAX_VALUE ? "2^63-1" : value == Long.MIN_VALUE ? "-2^63" : grouped(value);
    }

    private static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
