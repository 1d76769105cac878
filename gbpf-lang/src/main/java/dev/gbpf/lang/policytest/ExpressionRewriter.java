package dev.gbpf.lang.policytest;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.MatchArm;
import dev.gbpf.lang.ast.Pattern;
import dev.gbpf.lang.sema.FragmentAnalyzer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes an expression of a test one of the policy language: verdicts of any hook become numbers, outputs of hooks become
 * variables, and a read without a fallback demands the entry.
 */
final class ExpressionRewriter {
    private final TestScope scope;
    private final FragmentBuilder fragment;
    private final TestReporter reporter;

    ExpressionRewriter(TestScope scope, FragmentBuilder fragment, TestReporter reporter) {
        this.scope = scope;
        this.fragment = fragment;
        this.reporter = reporter;
    }

    Expression rewrite(Expression expression) {
        return switch (expression) {
            case Expression.IntegerLiteral literal -> literal;
            case Expression.BooleanLiteral literal -> literal;
            case Expression.Name name -> name(name);
            case Expression.Member member -> member(member);
            case Expression.Index index -> fragment.demand(rewriteKey(index));
            case Expression.Otherwise(var read, var fallback, var span) ->
                new Expression.Otherwise(rewriteKey(read), rewrite(fallback), span);
            case Expression.Attempt(var called, var fallback, var span) ->
                rewrite(called) instanceof Expression.Call call
                        ? new Expression.Attempt(call, rewrite(fallback), span)
                        : rewrite(fallback);
            case Expression.Guarded(var operation, var fallback, var span) ->
                new Expression.Guarded(rewrite(operation), rewrite(fallback), span);
            case Expression.StructLiteral literal -> literal(literal);
            case Expression.Unary(var operator, var operand, var span) ->
                new Expression.Unary(operator, rewrite(operand), span);
            case Expression.Binary(var operator, var left, var right, var span) ->
                new Expression.Binary(operator, rewrite(left), rewrite(right), span);
            case Expression.Cast(var operand, var type, var span) -> new Expression.Cast(rewrite(operand), type, span);
            case Expression.Match(var subject, var arms, var span) ->
                new Expression.Match(
                        rewrite(subject), arms.stream().map(this::arm).toList(), span);
            case Expression.Call call -> call(call);
        };
    }

    private MatchArm<Expression> arm(MatchArm<Expression> arm) {
        List<Pattern> patterns = arm.patterns().stream().map(this::pattern).toList();
        return new MatchArm<>(patterns, rewrite(arm.body()), arm.span());
    }

    private Pattern pattern(Pattern pattern) {
        return switch (pattern) {
            case Pattern.Any any -> any;
            case Pattern.Value(var value) -> new Pattern.Value(rewrite(value));
            case Pattern.Range(var first, var last, boolean inclusive, var span) ->
                new Pattern.Range(rewrite(first), rewrite(last), inclusive, span);
        };
    }

    private Expression call(Expression.Call call) {
        String name = call.function().name();
        Optional<Helper> helper =
                Helper.byName(name).filter(h -> !FragmentAnalyzer.HOOK.helpers().contains(h));
        if (helper.isPresent() || HelperEvent.byWord(name).isPresent()) {
            String event =
                    helper.flatMap(HelperEvent::of).map(HelperEvent::signature).orElse(name + "(...)");
            reporter.message(
                            ErrorCode.TEST_CALL_EXPECTATION,
                            call.function().span(),
                            helper.isPresent()
                                    ? "a test cannot call `" + name + "`"
                                    : "`" + name + "` stands alone in an expectation")
                    .label("not here")
                    .help("ask whether the hook did: `expect " + event + ";`")
                    .report();
            return helper.isPresent()
                    ? new Expression.IntegerLiteral(0, call.span())
                    : new Expression.BooleanLiteral(true, call.span());
        }
        List<Expression> arguments =
                call.arguments().stream().map(this::rewrite).toList();
        return new Expression.Call(call.function(), arguments, call.span());
    }

    /** A map read whose key is rewritten. */
    Expression.Index rewriteKey(Expression.Index index) {
        return new Expression.Index(index.map(), rewrite(index.key()), index.path(), index.span());
    }

    private Expression literal(Expression.StructLiteral literal) {
        List<Expression.StructLiteral.Field> fields = literal.fields().stream()
                .map(f -> new Expression.StructLiteral.Field(f.name(), rewrite(f.value())))
                .toList();
        return new Expression.StructLiteral(literal.type(), fields, literal.span());
    }

    private Expression name(Expression.Name name) {
        String text = name.identifier().name();
        TestScope.Entry variable = scope.find(text);
        if (variable != null) {
            fragment.use(variable);
            return name;
        }
        return verdict(text)
                .<Expression>map(v -> new Expression.IntegerLiteral(v.value(), name.span()))
                .orElse(name);
    }

    /** The verdict of a name; the same name has the same value in all hooks. */
    private static Optional<NamedValue> verdict(String name) {
        return Arrays.stream(Hook.values())
                .flatMap(h -> h.verdict().named(name).stream())
                .findFirst();
    }

    private Expression member(Expression.Member member) {
        TestScope.Entry result = scope.find(member.object().name());
        if (result == null || result.resultOf() == null) {
            return member;
        }
        String field = member.field().name();
        TestScope.Entry output = scope.find(result.name() + "." + field);
        if (output != null) {
            fragment.use(output);
            return new Expression.Name(new Identifier(output.name(), member.span()));
        }
        Hook hook = result.resultOf();
        List<String> outputs = hook.context().fields().stream()
                .filter(f -> f.writable())
                .map(f -> f.name())
                .toList();
        reporter.message(
                        ErrorCode.TEST_FIELD,
                        member.field().span(),
                        "`" + field + "` is not an output of " + hook.symbol())
                .label("not set by the hook")
                .note(
                        outputs.isEmpty()
                                ? hook.symbol() + " has no outputs besides its verdict"
                                : "outputs of " + hook.symbol() + ": " + String.join(", ", outputs))
                .help(Suggestion.closest(field, outputs)
                        .map(n -> "did you mean `" + n + "`?")
                        .orElse(null))
                .report();
        return new Expression.IntegerLiteral(0, member.span());
    }
}
