package dev.gbpf.lang.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.Block;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.Statement;
import dev.gbpf.lang.ast.TestStep;
import dev.gbpf.lang.ast.UnaryOperator;
import dev.gbpf.lang.policytest.CompiledStep.Value;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.FragmentAnalyzer;
import dev.gbpf.lang.sema.Type;
import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compiles expectations. */
final class ExpectationCompiler {
    private static final String PRESENT = "present";
    private static final String ABSENT = "absent";
    private static final String EMITTED = "emitted";

    private final TestScope scope;
    private final FragmentFactory factory;
    private final TestReporter reporter;
    private final FieldRules fields;

    ExpectationCompiler(TestScope scope, FragmentFactory factory, TestReporter reporter, FieldRules fields) {
        this.scope = scope;
        this.factory = factory;
        this.reporter = reporter;
        this.fields = fields;
    }

    /** Adds the steps of an expectation: one for each operand of {@code &&}, so that a message can say which one fails. */
    void compile(TestStep.Expect step, List<CompiledStep> steps) {
        conjunct(step.condition(), steps);
    }

    private void conjunct(Expression condition, List<CompiledStep> steps) {
        if (condition instanceof Expression.Binary(var operator, var left, var right, var _)
                && operator == BinaryOperator.AND_ALSO) {
            conjunct(left, steps);
            conjunct(right, steps);
            return;
        }
        if (condition instanceof Expression.Binary(var _, var entry, Expression.StructLiteral literal, var _)) {
            struct(entry, literal, condition.span(), steps);
            return;
        }
        Expression inner = condition;
        boolean expected = true;
        while (inner instanceof Expression.Unary(var operator, var operand, var _) && operator == UnaryOperator.NOT) {
            expected = !expected;
            inner = operand;
        }
        if (inner instanceof Expression.Call call) {
            Optional<HelperEvent> event = HelperEvent.byWord(call.function().name());
            if (event.isPresent()) {
                steps.add(called(call, event.get(), expected, condition.span()));
                return;
            }
            String word = call.function().name();
            if (word.equals(EMITTED)) {
                emitted(call, expected, condition.span(), steps);
                return;
            }
            if (word.equals(PRESENT) || word.equals(ABSENT)) {
                presence(call, word.equals(PRESENT) == expected, condition.span(), steps);
                return;
            }
        }
        comparison(condition, steps);
    }

    private FragmentBuilder fragment(SourceSpan span) {
        return new FragmentBuilder(scope, factory, reporter, span);
    }

    private CompiledStep called(Expression.Call call, HelperEvent event, boolean expected, SourceSpan span) {
        if (call.arguments().size() > event.arguments()) {
            reporter.message(
                            ErrorCode.TEST_CALL_EXPECTATION,
                            call.span(),
                            "`" + event.word() + "` takes at most " + event.arguments()
                                    + (event.arguments() == 1 ? " argument" : " arguments"))
                    .label("expected `" + event.signature() + "`, or the first of them")
                    .report();
        }
        FragmentBuilder fragment = fragment(span);
        List<Value> arguments = new ArrayList<>();
        for (Expression argument : call.arguments()) {
            arguments.add(new Value(fragment.operand(fragment.rewrite(argument)), false, argument.span()));
        }
        FragmentFactory.Compiled compiled = fragment.build();
        compiled.results().forEach(r -> fields.checkRange(r.value(), "an argument", 0, -1));
        return new CompiledStep.Expect(compiled.code(), new Check.Called(event, arguments, expected), span);
    }

    private void emitted(Expression.Call call, boolean expected, SourceSpan span, List<CompiledStep> steps) {
        MapDefinition ring = !call.arguments().isEmpty()
                        && call.arguments().getFirst() instanceof Expression.Name(String name, var _)
                ? factory.ring(name)
                : null;
        if (ring == null) {
            reporter.message(
                            ErrorCode.TEST_CALL_EXPECTATION,
                            call.span(),
                            "`" + EMITTED + "` takes a ring buffer and the first numbers of a record")
                    .label("expected `" + EMITTED + "(ring, number, ...)`")
                    .report();
            return;
        }
        FragmentBuilder fragment = fragment(span);
        List<Value> numbers = new ArrayList<>();
        for (Expression number : call.arguments().subList(1, call.arguments().size())) {
            numbers.add(new Value(fragment.operand(fragment.rewrite(number)), false, number.span()));
        }
        Check check = new Check.Emitted(ring.name(), numbers, expected);
        steps.add(new CompiledStep.Expect(fragment.build().code(), check, span));
    }

    private void presence(Expression.Call call, boolean expected, SourceSpan span, List<CompiledStep> steps) {
        if (call.arguments().size() != 1 || !(call.arguments().getFirst() instanceof Expression.Index read)) {
            reporter.message(
                            ErrorCode.TEST_CALL_EXPECTATION,
                            call.span(),
                            "`" + call.function().name() + "` takes one entry of a map")
                    .label("expected `" + call.function().name() + "(map[key])`")
                    .report();
            return;
        }
        FragmentBuilder fragment = fragment(span);
        Expression.Index entry = new ExpressionRewriter(scope, fragment, reporter).rewriteKey(read);
        int element = CodeFragment.FIRST_OPERAND;
        Statement.Condition present =
                new Statement.Condition.Present(new Identifier("$found", read.span()), entry, read.span());
        fragment.add(new Statement.If(
                List.of(new Statement.Branch(present, flag(fragment, 1, element, read.span()))),
                flag(fragment, 0, element, read.span()),
                read.span()));
        Check check = new Check.Presence(new Value(element, false, read.span()), reporter.quote(read.span()), expected);
        steps.add(new CompiledStep.Expect(fragment.build().code(), check, span));
    }

    private static Block flag(FragmentBuilder fragment, int value, int element, SourceSpan span) {
        return new Block(
                List.of(fragment.output("$flag", null, new Expression.IntegerLiteral(value, span), element, span)),
                span);
    }

    private void struct(Expression entry, Expression.StructLiteral literal, SourceSpan span, List<CompiledStep> steps) {
        if (!(entry instanceof Expression.Index read)) {
            reporter.message(ErrorCode.STRUCT_EXPECTED, entry.span(), "only an entry of a map can be equal to a struct")
                    .label("expected an entry")
                    .help("write `expect map_name[key] == " + literal.type().name() + " { ... };`")
                    .report();
            return;
        }
        FragmentBuilder fragment = fragment(span);
        fragment.checkedStruct(read, literal);
        FragmentFactory.Compiled compiled = fragment.build();
        List<Check.Field> fieldChecks = new ArrayList<>();
        for (FragmentAnalyzer.Result result : compiled.results()) {
            BoundExpression.Comparison comparison = (BoundExpression.Comparison) result.value();
            boolean signed = comparison.left().type() == Type.I64;
            fieldChecks.add(new Check.Field(
                    result.field(),
                    new Value(result.slots().get(0), signed, comparison.left().span()),
                    new Value(result.slots().get(1), signed, comparison.right().span())));
        }
        Check check = new Check.Struct(literal.type().name(), reporter.quote(read.span()), fieldChecks);
        steps.add(new CompiledStep.Expect(compiled.code(), check, span));
    }

    private void comparison(Expression condition, List<CompiledStep> steps) {
        FragmentBuilder fragment = fragment(condition.span());
        fragment.checked(fragment.rewrite(condition));
        List<Check.Entry> entries = entries(condition, fragment);
        FragmentFactory.Compiled compiled = fragment.build();
        if (compiled.results().isEmpty()) {
            return;
        }
        FragmentAnalyzer.Result result = compiled.results().getFirst();
        Check check = result.slots().size() == 2
                ? comparison((BoundExpression.Comparison) result.value(), result.slots(), condition, entries)
                : truth(result);
        steps.add(new CompiledStep.Expect(compiled.code(), check, condition.span()));
    }

    /** The entries whose fields are the sides of a comparison, as far as their keys are easy to name. */
    private List<Check.Entry> entries(Expression condition, FragmentBuilder fragment) {
        List<Check.Entry> entries = new ArrayList<>();
        if (condition instanceof Expression.Binary(var _, var left, var right, var _)) {
            for (Expression side : List.of(left, right)) {
                if (side instanceof Expression.Index(var map, var key, var path, var _)
                        && !path.isEmpty()
                        && isKnown(key)) {
                    String text = map.name() + "[" + reporter.quote(key.span()) + "]";
                    entries.add(new Check.Entry(text, map.name(), fragment.operand(fragment.rewrite(key))));
                }
            }
        }
        return entries;
    }

    private boolean isKnown(Expression key) {
        return switch (key) {
            case Expression.IntegerLiteral _ -> true;
            case Expression.Name(var name, var _) ->
                scope.find(name) != null || factory.names().contains(name);
            default -> false;
        };
    }

    private Check comparison(
            BoundExpression.Comparison comparison,
            List<Integer> slots,
            Expression condition,
            List<Check.Entry> entries) {
        return new Check.Comparison(
                comparison.operator(),
                side(comparison.left(), slots.get(0)),
                side(comparison.right(), slots.get(1)),
                new Check.Kind(comparison.left().type() == Type.BOOL, verdictOf(condition)),
                entries);
    }

    private Check.Side side(BoundExpression expression, int element) {
        boolean signed = expression.type() == Type.I64;
        return new Check.Side(
                new Value(element, signed, expression.span()),
                reporter.quote(expression.span()),
                expression instanceof BoundExpression.Constant);
    }

    /** The hook whose verdict one of the sides is, or null. */
    private @Nullable Hook verdictOf(Expression condition) {
        if (condition instanceof Expression.Binary(var _, var left, var right, var _)) {
            Hook hook = resultOf(left);
            return hook == null ? resultOf(right) : hook;
        }
        return null;
    }

    private @Nullable Hook resultOf(Expression expression) {
        if (expression instanceof Expression.Name(var name, var _)) {
            TestScope.Entry variable = scope.find(name);
            return variable == null ? null : variable.resultOf();
        }
        return null;
    }

    private Check truth(FragmentAnalyzer.Result result) {
        BoundExpression value = result.value();
        if (value.type().isInteger()) {
            reporter.message(ErrorCode.TYPE_MISMATCH, value.span(), "an expectation is a bool, but this is a number")
                    .label("expected bool, found " + value.type().keyword())
                    .help("compare it: `expect " + reporter.quote(value.span()) + " == 0;`")
                    .report();
        }
        return new Check.Truth(new Value(result.slots().getFirst(), false, value.span()));
    }
}
