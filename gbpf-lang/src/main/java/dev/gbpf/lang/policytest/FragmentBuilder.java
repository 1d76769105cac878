package dev.gbpf.lang.policytest;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.Block;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.Statement;
import dev.gbpf.lang.policytest.CodeFragment.Demand;
import dev.gbpf.lang.sema.FragmentAnalyzer;
import dev.gbpf.lang.sema.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the code of one step in the policy language itself, so that whatever the language can do, tests can. The variables
 * that the step uses come first, then the entries that it demands, then what it does:
 *
 * <pre>
 * let r = $values[1024];
 * if let $entry0 = used[1] {
 *     let $checked = $entry0 == r;          // its two sides become results
 * } else {
 *     $values[0] = 1;                       // the first demand is not met
 * }
 * </pre>
 */
final class FragmentBuilder {
    /** Entries that one step may demand. */
    static final int MAX_DEMANDED = 32;

    private final TestScope scope;
    private final FragmentFactory factory;
    private final TestReporter reporter;
    private final SourceSpan span;
    private final Map<String, TestScope.Entry> used = new LinkedHashMap<>();
    private final List<Demanded> demanded = new ArrayList<>();
    private final List<Demand> demands = new ArrayList<>();
    private final List<Statement> body = new ArrayList<>();
    private final Map<String, Integer> outputs = new HashMap<>();
    private boolean overLimit;
    private int nextOperand = CodeFragment.FIRST_OPERAND;

    FragmentBuilder(TestScope scope, FragmentFactory factory, TestReporter reporter, SourceSpan span) {
        this.scope = scope;
        this.factory = factory;
        this.reporter = reporter;
        this.span = span;
    }

    /** An entry that must be there: its name in the fragment, how it is read, and the number of the demand. */
    private record Demanded(Identifier name, Expression.Index read, int number) {}

    /** The expression as the fragment can compute it. */
    Expression rewrite(Expression expression) {
        return new ExpressionRewriter(scope, this, reporter).rewrite(expression);
    }

    /** Makes a variable of the test visible. */
    void use(TestScope.@Nullable Entry variable) {
        if (variable != null) {
            used.putIfAbsent(variable.name(), variable);
        }
    }

    /** A name for an entry that must be there for the step to go on. */
    Expression demand(Expression.Index read) {
        if (demanded.size() == MAX_DEMANDED) {
            if (!overLimit) {
                reporter.limit(span, "one step reads more than " + MAX_DEMANDED + " entries that must be there");
            }
            overLimit = true;
            return new Expression.Name(demanded.getLast().name());
        }
        Identifier name = new Identifier("$entry" + demanded.size(), read.span());
        int number =
                number(ErrorCode.TEST_ENTRY_ABSENT, "`" + reporter.quote(read.span()) + "` is absent", read.span());
        demanded.add(new Demanded(name, read, number));
        return new Expression.Name(name);
    }

    private int number(ErrorCode code, String message, SourceSpan place) {
        demands.add(new Demand(code, message, place));
        return demands.size();
    }

    /** Statements that tell that something is not as it must be. */
    Block failure(String message, SourceSpan place) {
        return failure(number(ErrorCode.TEST_STEP_FAILED, message, place), place);
    }

    private static Block failure(int number, SourceSpan place) {
        return new Block(
                List.of(new Statement.Assignment(
                        element(CodeFragment.STATUS, place),
                        null,
                        new Expression.IntegerLiteral(number, place),
                        null,
                        place)),
                place);
    }

    void add(Statement statement) {
        body.add(statement);
    }

    /** Computes an expression, which is rewritten already, to the next operand. */
    int operand(Expression value) {
        int element = nextOperand++;
        if (element < CodeFragment.FIRST_VARIABLE) {
            output("$operand" + element, null, value, element);
        } else if (element == CodeFragment.FIRST_VARIABLE) {
            reporter.limit(span, "one step has more than " + (CodeFragment.FIRST_VARIABLE - 1) + " values");
        }
        return element;
    }

    /** Computes an expression, which is rewritten already, to an element of the array of values. */
    void output(String name, @Nullable Identifier type, Expression value, int element) {
        add(output(name, type, value, element, value.span()));
    }

    /** The statement that does so. */
    Statement output(String name, @Nullable Identifier type, Expression value, int element, SourceSpan place) {
        outputs.put(name, element);
        return new Statement.Variable(new Identifier(name, place), false, type, value, place);
    }

    /** Computes the numbers of an entry and of the struct that it should be to operands, two for each number. */
    void checkedStruct(Expression.Index read, Expression.StructLiteral literal) {
        Expression.Index rewritten = new ExpressionRewriter(scope, this, reporter).rewriteKey(read);
        Expression entry = demand(rewritten);
        if (entry instanceof Expression.Name(var name, var _)) {
            outputs.put(name, nextOperand);
        }
        add(new Statement.Assignment(entry, null, rewrite(literal), null, literal.span()));
    }

    /** Computes what an expectation asks: a comparison goes to the next two operands, anything else to one. */
    int checked(Expression value) {
        int element = nextOperand;
        nextOperand += 2;
        output(FragmentAnalyzer.CHECKED, null, value, element);
        return element;
    }

    /** The fragment, complete. */
    FragmentFactory.Compiled build() {
        List<Statement> statements = new ArrayList<>();
        used.values().forEach(v -> statements.add(load(v)));
        List<Statement> inner = body;
        for (Demanded entry : demanded.reversed()) {
            SourceSpan place = entry.read().span();
            Statement.Condition present = new Statement.Condition.Present(entry.name(), entry.read(), place);
            inner = List.of(new Statement.If(
                    List.of(new Statement.Branch(present, new Block(inner, place))),
                    failure(entry.number(), place),
                    place));
        }
        statements.addAll(inner);
        return factory.compile(new Block(statements, span), outputs, demands, span);
    }

    private static Statement load(TestScope.Entry variable) {
        SourceSpan place = variable.span();
        Expression bits = element(variable.element(), place);
        Expression value = switch (variable.type()) {
            case I64 -> new Expression.Cast(bits, new Identifier(Type.I64.keyword(), place), place);
            case BOOL -> new Expression.Binary(BinaryOperator.NE, bits, new Expression.IntegerLiteral(0, place), place);
            case U64, ERROR -> bits;
        };
        return new Statement.Variable(new Identifier(variable.name(), place), false, null, value, place);
    }

    private static Expression.Index element(int number, SourceSpan place) {
        return new Expression.Index(
                new Identifier(FragmentAnalyzer.VALUES, place), new Expression.IntegerLiteral(number, place), place);
    }
}
