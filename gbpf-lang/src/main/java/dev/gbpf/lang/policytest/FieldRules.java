package dev.gbpf.lang.policytest;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.ast.TestStep;
import dev.gbpf.lang.policytest.CompiledStep.Input;
import dev.gbpf.lang.policytest.CompiledStep.Value;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.FragmentAnalyzer;
import dev.gbpf.lang.sema.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a test may say about fields of contexts and of jobs. */
final class FieldRules {
    private static final String NOW = "now_ns";
    /** Fields of a submitted job that a waiting one does not have: they belong to the moment. */
    private static final Set<String> NOT_OF_JOBS = Set.of("queued", "running", "reason", "flags", NOW);

    private static final ContextField VTIME = new ContextField(
            CompiledStep.VTIME, 0, Width.DW, false, 0, -1, "Its place in a queue that is ordered by vtime.");

    private final TestReporter reporter;

    FieldRules(TestReporter reporter) {
        this.reporter = reporter;
    }

    /** Computes the fields of a context. */
    List<Input> context(Hook hook, TestStep.Fields given, FragmentBuilder fragment) {
        List<ContextField> known =
                hook.context().fields().stream().filter(f -> !f.writable()).toList();
        return inputs("the context of " + hook.symbol(), known, given, fragment);
    }

    /** Computes the fields of a waiting job. */
    List<Input> job(TestStep.Fields given, FragmentBuilder fragment) {
        List<ContextField> known = new ArrayList<>();
        known.add(VTIME);
        Hook.ON_SUBMIT.context().fields().stream()
                .filter(f -> !NOT_OF_JOBS.contains(f.name()))
                .forEach(known::add);
        return inputs("a waiting job", known, given, fragment);
    }

    private List<Input> inputs(String what, List<ContextField> known, TestStep.Fields given, FragmentBuilder fragment) {
        Map<String, ContextField> byName = new HashMap<>();
        known.forEach(f -> byName.put(f.name(), f));
        Set<String> seen = new HashSet<>();
        List<Input> inputs = new ArrayList<>();
        for (TestStep.Field field : given.fields()) {
            String name = field.name().name();
            int element = fragment.operand(fragment.rewrite(field.value()));
            ContextField found = byName.get(name);
            if (name.equals(NOW)) {
                wrong(field.name().span(), "`now_ns` is the test's clock", "write `at 5ms;` before this step");
            } else if (found == null) {
                wrong(
                        field.name().span(),
                        what + " has no field `" + name + "` that a test can set",
                        Suggestion.closest(name, byName.keySet())
                                .map(n -> "did you mean `" + n + "`?")
                                .orElse("fields: "
                                        + String.join(
                                                ", ",
                                                known.stream()
                                                        .map(ContextField::name)
                                                        .toList())));
            } else if (!seen.add(name)) {
                wrong(field.name().span(), "`" + name + "` is set twice", "take one of them out");
            } else {
                inputs.add(
                        new Input(found, new Value(element, false, field.value().span())));
            }
        }
        return inputs;
    }

    private void wrong(SourceSpan span, String message, String help) {
        reporter.message(ErrorCode.TEST_FIELD, span, message)
                .label("cannot be set")
                .help(help)
                .report();
    }

    /** Complains about constants that the plane would never put in their fields. */
    void checkInputs(List<FragmentAnalyzer.Result> results, List<Input> inputs) {
        Map<Integer, BoundExpression> values = byElement(results);
        for (Input input : inputs) {
            BoundExpression value = values.get(input.value().element());
            if (value != null) {
                checkRange(
                        value,
                        "`" + input.field().name() + "`",
                        input.field().min(),
                        input.field().max());
            }
        }
    }

    /** Complains when a value is no number, or a constant out of a range of unsigned numbers. */
    void checkRange(BoundExpression value, String what, long min, long max) {
        if (value.type() == Type.BOOL) {
            reporter.message(ErrorCode.TYPE_MISMATCH, value.span(), what + " is a number, but this is a bool")
                    .label("expected a number, found bool")
                    .report();
        } else if (value instanceof BoundExpression.Constant(Type type, long number, SourceSpan span)
                && type != Type.ERROR
                && !inRange(number, type == Type.I64, min, max)) {
            String shown = type == Type.I64 ? Long.toString(number) : Long.toUnsignedString(number);
            reporter.message(ErrorCode.TEST_VALUE_OUT_OF_RANGE, span, what + " is never " + shown)
                    .label("expected " + Long.toUnsignedString(min) + " to " + Long.toUnsignedString(max))
                    .note("a policy may rely on this range")
                    .report();
        }
    }

    /** Whether a number is in a range of unsigned numbers. */
    static boolean inRange(long number, boolean signed, long min, long max) {
        return !(signed && number < 0)
                && Long.compareUnsigned(number, min) >= 0
                && Long.compareUnsigned(number, max) <= 0;
    }

    /** The inputs with what is known of the signs of their values. */
    static List<Input> withSigns(List<Input> inputs, List<FragmentAnalyzer.Result> results) {
        Map<Integer, BoundExpression> values = byElement(results);
        return inputs.stream()
                .map(i -> new Input(i.field(), withSign(i.value(), values)))
                .toList();
    }

    private static Value withSign(Value value, Map<Integer, BoundExpression> values) {
        BoundExpression expression = values.get(value.element());
        return new Value(value.element(), expression != null && expression.type() == Type.I64, value.span());
    }

    private static Map<Integer, BoundExpression> byElement(List<FragmentAnalyzer.Result> results) {
        Map<Integer, BoundExpression> values = new HashMap<>();
        results.forEach(r -> values.put(r.slots().getFirst(), r.value()));
        return values;
    }
}
