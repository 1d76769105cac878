package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.MatchArm;
import dev.gbpf.lang.ast.Pattern;
import dev.gbpf.lang.ast.TestStep;
import dev.gbpf.lang.ast.UnaryOperator;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Turns ANTLR's trees of expressions, whose inner expressions are built, into {@link Expression}s. */
final class ExpressionBuilder {
    private final Names names;
    private final Positions positions;
    private final DiagnosticCollector diagnostics;

    ExpressionBuilder(Names names, Positions positions, DiagnosticCollector diagnostics) {
        this.names = names;
        this.positions = positions;
        this.diagnostics = diagnostics;
    }

    Expression build(GbpfParser.ExpressionContext tree) {
        Expression operation = build(tree.operation());
        if (tree.expression() == null) {
            return operation;
        }
        Expression fallback = tree.expression().built;
        if (operation instanceof Expression.Index read
                && !(tree.operation().getStart().getType() == GbpfParser.OPEN_PAREN)) {
            return new Expression.Otherwise(read, fallback, positions.of(tree));
        }
        if (operation instanceof Expression.Call call
                && !(tree.operation().getStart().getType() == GbpfParser.OPEN_PAREN)) {
            return new Expression.Attempt(call, fallback, positions.of(tree));
        }
        if (isChecked(operation)) {
            return new Expression.Guarded(operation, fallback, positions.of(tree));
        }
        diagnostics
                .message(
                        ErrorCode.ELSE_WITHOUT_MAP_READ,
                        positions.of(tree.ELSE().getSymbol()),
                        "`else` must follow a map read or a checked operator directly")
                .label("what stands before it is neither")
                .help("put the read and its fallback in parentheses: `(" + parenthesized(operation, fallback) + ")`")
                .report();
        return attach(operation, fallback);
    }

    /** Whether a checked operator works on the way to the value, other than inside the arguments of a call or a key. */
    private static boolean isChecked(Expression expression) {
        return switch (expression) {
            case Expression.Binary(var operator, var left, var right, var _) ->
                operator.overflow() == BinaryOperator.Overflow.CHECKED || isChecked(left) || isChecked(right);
            case Expression.Unary(var _, var operand, var _) -> isChecked(operand);
            case Expression.Cast(var operand, var _, var _) -> isChecked(operand);
            default -> false;
        };
    }

    private String parenthesized(Expression operation, Expression fallback) {
        Expression last = rightmost(operation);
        return last instanceof Expression.Index
                ? positions.text(last.span()) + " else " + positions.text(fallback.span())
                : "m[k] else 0";
    }

    private static Expression rightmost(Expression expression) {
        return expression instanceof Expression.Binary binary ? rightmost(binary.right()) : expression;
    }

    /** The expression as it was probably meant, so that the missing fallback is not complained about, too. */
    private static Expression attach(Expression expression, Expression fallback) {
        return switch (expression) {
            case Expression.Index read -> new Expression.Otherwise(read, fallback, read.span());
            case Expression.Binary(var operator, var left, var right, var span) ->
                new Expression.Binary(operator, left, attach(right, fallback), span);
            default -> expression;
        };
    }

    Expression build(GbpfParser.OperationContext tree) {
        return switch (tree) {
            case GbpfParser.SimpleContext simple -> primary(simple.primary());
            case GbpfParser.UnaryContext unary ->
                new Expression.Unary(operator(unary.operator), build(unary.operation()), positions.of(unary));
            case GbpfParser.CastContext cast ->
                new Expression.Cast(build(cast.operation()), names.read(cast.ID()), positions.of(cast));
            case GbpfParser.BinaryContext binary ->
                new Expression.Binary(
                        BinaryOperator.bySymbol(binary.operator.getText()).orElseThrow(),
                        build(binary.operation(0)),
                        build(binary.operation(1)),
                        positions.of(binary));
            default -> throw unknown(tree);
        };
    }

    private Expression primary(GbpfParser.PrimaryContext tree) {
        SourceSpan span = positions.of(tree);
        return switch (tree) {
            case GbpfParser.NumberContext number ->
                new Expression.IntegerLiteral(NumberLiteral.read(number.getText(), span, diagnostics), span);
            case GbpfParser.TrueContext _ -> new Expression.BooleanLiteral(true, span);
            case GbpfParser.FalseContext _ -> new Expression.BooleanLiteral(false, span);
            case GbpfParser.NameContext name ->
                new Expression.Name(names.reference(name.ID().getSymbol()));
            case GbpfParser.MemberContext member ->
                new Expression.Member(names.read(member.ID(0)), path(member.ID()), span);
            case GbpfParser.IndexContext index ->
                new Expression.Index(
                        names.reference(index.ID(0).getSymbol()), index.expression().built, path(index.ID()), span);
            case GbpfParser.CallContext call -> {
                List<Expression> arguments =
                        call.value().stream().map(v -> v.built).toList();
                yield new Expression.Call(names.reference(call.getStart()), arguments, span);
            }
            case GbpfParser.MatchContext match -> {
                List<MatchArm<Expression>> arms =
                        match.matchValue().stream().map(a -> a.built).toList();
                SourceSpan head =
                        positions.of(match.getStart(), match.operation().getStop());
                yield new Expression.Match(build(match.operation()), arms, head);
            }
            case GbpfParser.GroupContext group -> group.expression().built;
            default -> throw unknown(tree);
        };
    }

    MatchArm<Expression> arm(GbpfParser.MatchValueContext tree) {
        return new MatchArm<>(patterns(tree.patterns()), tree.expression().built, positions.of(tree.patterns()));
    }

    TestStep.Field field(GbpfParser.FieldContext tree) {
        return new TestStep.Field(names.read(tree.ID()), build(tree.value()));
    }

    TestStep.Fields fields(GbpfParser.FieldsContext tree) {
        return new TestStep.Fields(tree.field().stream().map(f -> f.built).toList(), positions.of(tree));
    }

    /** The fields after the first name. */
    private List<Identifier> path(List<TerminalNode> ids) {
        return ids.stream().skip(1).map(names::read).toList();
    }

    Expression build(GbpfParser.ValueContext tree) {
        return tree.built;
    }

    /** An expression; fields after it belong to the name at its end. */
    Expression value(GbpfParser.ValueContext tree) {
        Expression expression = tree.expression().built;
        if (tree.fields() == null) {
            return expression;
        }
        List<Expression.StructLiteral.Field> fields = tree.fields().built.fields().stream()
                .map(f -> new Expression.StructLiteral.Field(f.name(), f.value()))
                .toList();
        return withFields(expression, fields, tree);
    }

    private Expression withFields(
            Expression expression, List<Expression.StructLiteral.Field> fields, GbpfParser.ValueContext tree) {
        return switch (expression) {
            case Expression.Name name ->
                new Expression.StructLiteral(name.identifier(), fields, positions.of(name.span(), tree.getStop()));
            case Expression.Binary(var operator, var left, var right, var span) ->
                new Expression.Binary(operator, left, withFields(right, fields, tree), span);
            case Expression.Otherwise(var read, var fallback, var span) ->
                new Expression.Otherwise(read, withFields(fallback, fields, tree), span);
            case Expression.Attempt(var call, var fallback, var span) ->
                new Expression.Attempt(call, withFields(fallback, fields, tree), span);
            default -> {
                diagnostics
                        .message(
                                ErrorCode.STRUCT_NOT_A_NUMBER,
                                tree.fields().built.span(),
                                "a struct cannot stand here")
                        .label("these fields belong to no struct")
                        .help("a struct is a value of its own: `map_name[key] = Type { field: 0 };`")
                        .report();
                yield expression;
            }
        };
    }

    /** The patterns of one arm. */
    List<Pattern> patterns(GbpfParser.PatternsContext tree) {
        return tree.pattern().stream().map(this::pattern).toList();
    }

    private Pattern pattern(GbpfParser.PatternContext tree) {
        SourceSpan span = positions.of(tree);
        if (tree.to != null) {
            boolean inclusive = tree.operator.getType() == GbpfParser.RANGE_INCLUSIVE;
            return new Pattern.Range(build(tree.from), build(tree.to), inclusive, span);
        }
        return tree.getText().equals("_") ? new Pattern.Any(span) : new Pattern.Value(build(tree.from));
    }

    private Expression build(GbpfParser.PatternValueContext tree) {
        SourceSpan span = positions.of(tree);
        if (tree.NUMBER() != null) {
            Token token = tree.NUMBER().getSymbol();
            SourceSpan place = positions.of(token);
            Expression number =
                    new Expression.IntegerLiteral(NumberLiteral.read(token.getText(), place, diagnostics), place);
            return tree.SUB() == null ? number : new Expression.Unary(UnaryOperator.NEGATE, number, span);
        }
        if (tree.ID() != null) {
            return new Expression.Name(names.reference(tree.ID().getSymbol()));
        }
        return tree.operation() == null
                ? new Expression.BooleanLiteral(tree.TRUE() != null, span)
                : build(tree.operation());
    }

    private static UnaryOperator operator(Token token) {
        return switch (token.getType()) {
            case GbpfParser.SUB -> UnaryOperator.NEGATE;
            case GbpfParser.NOT -> UnaryOperator.COMPLEMENT;
            default -> UnaryOperator.NOT;
        };
    }

    private static IllegalStateException unknown(Object tree) {
        return new IllegalStateException("no such alternative in the grammar: " + tree.getClass());
    }
}
