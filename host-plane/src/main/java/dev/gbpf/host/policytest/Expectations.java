package dev.gbpf.host.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.plane.HelperCall;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.policytest.Check;
import dev.gbpf.lang.policytest.CompiledStep.Value;
import dev.gbpf.lang.policytest.HelperEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Judges expectations whose code has run. */
final class Expectations {
    /** Calls that a message lists. */
    private static final int MOST_CALLS = 8;

    private final TestBench bench;

    Expectations(TestBench bench) {
        this.bench = bench;
    }

    /**
     * Why an expectation fails.
     *
     * @param message what was expected and what was found
     * @param label the same in short
     * @param notes further facts
     */
    record Finding(String message, String label, List<String> notes) {
        Finding {
            notes = List.copyOf(notes);
        }
    }

    /** Null when it holds. */
    @Nullable
    Finding judge(Check check) {
        return switch (check) {
            case Check.Comparison comparison -> comparison(comparison);
            case Check.Struct struct -> struct(struct);
            case Check.Truth(Value value) ->
                bench.get(value.element()) != 0
                        ? null
                        : new Finding("this should be true, and is false", "is false", List.of());
            case Check.Presence(Value value, String text, boolean expected) -> {
                boolean found = bench.get(value.element()) != 0;
                String is = "`" + text + "` should be " + word(expected) + ", and is " + word(found);
                yield found == expected ? null : new Finding(is, "is " + word(found), List.of());
            }
            case Check.Called called -> called(called);
        };
    }

    private static String word(boolean present) {
        return present ? "present" : "absent";
    }

    private @Nullable Finding comparison(Check.Comparison check) {
        long left = bench.get(check.left().value().element());
        long right = bench.get(check.right().value().element());
        boolean signed = check.left().value().signed();
        if (holds(check.operator(), signed, left, right)) {
            return null;
        }
        String shownLeft = show(left, signed, check.kind());
        String shownRight = show(right, signed, check.kind());
        String relation = switch (check.operator()) {
            case EQ -> "";
            case NE -> "something other than ";
            case LT -> "less than ";
            case LE -> "at most ";
            case GT -> "more than ";
            default -> "at least ";
        };
        String wanted =
                check.right().constant() ? shownRight : "`" + check.right().text() + "`, which is " + shownRight;
        String message = "`" + check.left().text() + "` should be " + relation + wanted + ", and is " + shownLeft;
        List<String> notes = check.entries().stream()
                .flatMap(e -> show(e).stream())
                .distinct()
                .toList();
        return new Finding(message, "expected " + relation + shownRight + ", found " + shownLeft, notes);
    }

    private @Nullable Finding struct(Check.Struct check) {
        List<Check.Field> wrong = check.fields().stream()
                .filter(f ->
                        bench.get(f.found().element()) != bench.get(f.expected().element()))
                .toList();
        if (wrong.isEmpty()) {
            return null;
        }
        String message = "`" + check.text() + "` should be " + show(check, Check.Field::expected) + ", and is "
                + show(check, Check.Field::found);
        String label = wrong.stream()
                .map(f -> f.name() + ": expected " + number(f.expected()) + ", found " + number(f.found()))
                .collect(Collectors.joining("; "));
        return new Finding(message, label, List.of());
    }

    private String show(Check.Struct check, Function<Check.Field, Value> side) {
        return check.fields().stream()
                .map(f -> f.name() + ": " + number(side.apply(f)))
                .collect(Collectors.joining(", ", check.type() + " { ", " }"));
    }

    private String number(Value value) {
        long bits = bench.get(value.element());
        return value.signed() ? Long.toString(bits) : Long.toUnsignedString(bits);
    }

    private Optional<String> show(Check.Entry entry) {
        return bench.value(entry.map(), bench.get(entry.key())).map(value -> "`" + entry.text() + "` is " + value);
    }

    private static boolean holds(BinaryOperator operator, boolean signed, long left, long right) {
        int order = signed ? Long.compare(left, right) : Long.compareUnsigned(left, right);
        return switch (operator) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
            default -> throw new IllegalArgumentException("operator=" + operator + " is not a comparison");
        };
    }

    private static String show(long value, boolean signed, Check.Kind kind) {
        if (kind.bool()) {
            return value != 0 ? "true" : "false";
        }
        Hook hook = kind.verdictOf();
        if (hook != null) {
            return TestRun.verdict(hook, value);
        }
        return signed ? Long.toString(value) : Long.toUnsignedString(value);
    }

    private @Nullable Finding called(Check.Called check) {
        List<Long> wanted =
                check.arguments().stream().map(a -> bench.get(a.element())).toList();
        List<HelperCall> calls = bench.plane().calls();
        List<HelperCall> such =
                calls.stream().filter(c -> matches(c, check.event(), wanted)).toList();
        if (such.isEmpty() != check.expected()) {
            return null;
        }
        String call = wanted.stream()
                .map(Long::toUnsignedString)
                .collect(Collectors.joining(", ", check.event().word() + "(", ")"));
        return check.expected()
                ? new Finding("`" + call + "` did not happen", "no such call", List.of(list(calls)))
                : new Finding("`" + call + "` happened", "by `" + such.getFirst() + "`", List.of());
    }

    private static boolean matches(HelperCall call, HelperEvent event, List<Long> wanted) {
        if (!event.helpers().contains(call.helper()) || !succeeded(call, event)) {
            return false;
        }
        List<Long> arguments = call.arguments();
        return wanted.size() <= arguments.size()
                && arguments.subList(0, wanted.size()).equals(wanted);
    }

    private static boolean succeeded(HelperCall call, HelperEvent event) {
        return event == HelperEvent.MOVED ? call.result() == 1 : call.result() >= 0;
    }

    private static String list(List<HelperCall> calls) {
        if (calls.isEmpty()) {
            return "the hook that was asked last called no such helper";
        }
        List<String> shown = new ArrayList<>();
        for (HelperCall call : calls.subList(0, Math.min(MOST_CALLS, calls.size()))) {
            shown.add(call.result() < 0 ? call + " failed: " + call.result() : call.toString());
        }
        String more = calls.size() > MOST_CALLS ? ", and " + (calls.size() - MOST_CALLS) + " more" : "";
        return "the hook that was asked last called " + String.join(", ", shown) + more;
    }
}
