package dev.gbpf.host.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.plane.HelperCall;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.policytest.Check;
import dev.gbpf.lang.policytest.CompiledStep.Value;
import dev.gbpf.lang.policytest.HelperEvent;
import dev.gbpf.object.DataLayout;
import dev.gbpf.object.ValueText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            case Check.Emitted emitted -> emitted(emitted);
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

    private @Nullable Finding emitted(Check.Emitted check) {
        List<Long> wanted =
                check.numbers().stream().map(n -> bench.get(n.element())).toList();
        TestBench.Records records = bench.emitted(check.map());
        List<byte[]> such = records.list().stream()
                .filter(r -> begins(numbers(records.type(), r), wanted))
                .toList();
        if (such.isEmpty() != check.expected()) {
            return null;
        }
        String call = Stream.concat(Stream.of(check.map()), wanted.stream().map(Long::toUnsignedString))
                .collect(Collectors.joining(", ", "emitted(", ")"));
        return check.expected()
                ? new Finding("`" + call + "` did not happen", "no such record", List.of(list(records)))
                : new Finding(
                        "`" + call + "` happened",
                        "`" + ValueText.of(records.type(), such.getFirst()) + "`",
                        List.of());
    }

    private static boolean begins(List<Long> numbers, List<Long> wanted) {
        return wanted.size() <= numbers.size()
                && numbers.subList(0, wanted.size()).equals(wanted);
    }

    /** The numbers of a value, in order, each extended to 64 bits. */
    private static List<Long> numbers(DataLayout layout, byte[] bytes) {
        List<Long> numbers = new ArrayList<>();
        addNumbers(layout, bytes, 0, numbers);
        return numbers;
    }

    private static void addNumbers(DataLayout layout, byte[] bytes, int offset, List<Long> numbers) {
        switch (layout) {
            case DataLayout.Scalar(int size, boolean signed) -> {
                long value = 0;
                for (int i = size - 1; i >= 0; i--) {
                    value = value << Byte.SIZE | (bytes[offset + i] & 0xFF);
                }
                int unused = Long.SIZE - size * Byte.SIZE;
                numbers.add(signed ? value << unused >> unused : value);
            }
            case DataLayout.Struct struct ->
                struct.fields().forEach(f -> addNumbers(f.layout(), bytes, offset + f.offset(), numbers));
            case DataLayout.Bytes _ -> {}
        }
    }

    private static String list(TestBench.Records records) {
        List<byte[]> all = records.list();
        if (all.isEmpty()) {
            return "nothing was emitted since the test began";
        }
        return all.subList(Math.max(0, all.size() - MOST_CALLS), all.size()).stream()
                .map(r -> ValueText.of(records.type(), r))
                .collect(Collectors.joining(", ", "emitted since the test began, the latest last: ", ""));
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
