package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Block;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the meaning of the statements of one hook or function and warns about those that are of no use. */
final class StatementAnalyzer {
    private final Environment environment;
    private final Reporter reporter;
    private final ExpressionAnalyzer expressions;
    private final Conversions conversions;
    private final AssignmentAnalyzer assignments;
    private final LoopAnalyzer loops;
    private final DeclarationRules declarations;
    private final ReferenceAnalyzer references;
    private final VerdictRules verdicts;
    private final ResultRules results;
    private int loopDepth;

    StatementAnalyzer(Environment environment, Reporter reporter) {
        this.environment = environment;
        this.reporter = reporter;
        this.expressions = new ExpressionAnalyzer(environment, reporter);
        this.conversions = expressions.conversions();
        this.assignments = new AssignmentAnalyzer(environment, expressions, reporter);
        this.loops = new LoopAnalyzer(expressions, reporter);
        this.declarations = new DeclarationRules(reporter);
        this.references = new ReferenceAnalyzer(environment, reporter, expressions, declarations);
        this.verdicts = new VerdictRules(environment, conversions, reporter);
        this.results = new ResultRules(conversions, reporter);
    }

    /** A block's statements, and whether control can reach its end. */
    private record Flow(BoundBlock block, boolean fallsThrough) {}

    /** The body of the hook. */
    BoundBlock body(Block block) {
        return block(block).block();
    }

    /** The body of a function. */
    BoundBlock function(BoundFunction function, Block block) {
        Flow flow = block(block);
        results.checkEnd(function, flow.fallsThrough());
        return flow.block();
    }

    private Flow block(Block block) {
        Scope outer = environment.scope();
        environment.enter();
        Flow flow = statements(block);
        declarations.warnUnused(environment.scope());
        environment.leave(outer);
        return flow;
    }

    private Flow statements(Block block) {
        List<BoundStatement> bound = new ArrayList<>();
        boolean reachable = true;
        boolean warned = false;
        for (Statement statement : block.statements()) {
            if (!reachable && !warned) {
                warned = true;
                reporter.message(ErrorCode.UNREACHABLE_CODE, statement.span(), "this is never reached")
                        .label("what stands before it always leaves the block")
                        .report();
            }
            reachable &= statement(statement, bound);
        }
        return new Flow(new BoundBlock(bound), reachable);
    }

    /** Adds the bound statement, unless it is wrong, and says whether control can come out behind it. */
    private boolean statement(Statement statement, List<BoundStatement> bound) {
        switch (statement) {
            case Statement.Variable variable -> variable(variable, bound);
            case Statement.Reference reference -> reference(reference, bound);
            case Statement.Assignment assignment -> assignment(assignment, bound);
            case Statement.Delete delete -> delete(delete, bound);
            case Statement.If conditional -> {
                return conditional(conditional, bound);
            }
            case Statement.For loop -> loop(loop, bound);
            case Statement.ForEach loop -> each(loop, bound);
            case Statement.Match match -> {
                return match(match, bound);
            }
            case Statement.Break(SourceSpan span) -> {
                bound.add(new BoundStatement.Break(span));
                return !insideLoop("break", span);
            }
            case Statement.Continue(SourceSpan span) -> {
                bound.add(new BoundStatement.Continue(span));
                return !insideLoop("continue", span);
            }
            case Statement.Return(Expression value, SourceSpan span) -> {
                Operand operand = value == null ? null : expressions.analyze(value);
                BoundFunction function = environment.function();
                BoundExpression result =
                        function == null ? verdicts.check(operand, span) : results.check(function, operand, span);
                bound.add(new BoundStatement.Return(result, span));
                return false;
            }
            case Statement.Evaluate evaluate -> evaluate(evaluate, bound);
            case Statement.Nested(Block block, SourceSpan span) -> {
                Flow flow = block(block);
                bound.add(new BoundStatement.Nested(flow.block(), span));
                return flow.fallsThrough();
            }
        }
        return true;
    }

    private void evaluate(Statement.Evaluate statement, List<BoundStatement> bound) {
        Expression expression = statement.expression();
        Optional<BufferOperation> buffer = expressions.buffers().operation(expression);
        @Nullable
        BoundBlock otherwise = statement.otherwise() == null
                ? null
                : block(statement.otherwise()).block();
        if (buffer.isPresent() && expression instanceof Expression.Call call) {
            BoundStatement put = expressions.buffers().put(buffer.get(), call, otherwise, statement.span());
            if (put != null) {
                bound.add(put);
            }
            return;
        }
        if (otherwise != null) {
            reporter.message(
                            ErrorCode.ELSE_WITHOUT_MAP_WRITE,
                            expression.span(),
                            "`else` after a call is for `push` and `emit`")
                    .label("this call has no `else`")
                    .help("take the `else` block out")
                    .report();
        }
        bound.add(new BoundStatement.Evaluate(conversions.settle(expressions.effect(expression)), statement.span()));
    }

    private void reference(Statement.Reference statement, List<BoundStatement> bound) {
        Flow otherwise = block(statement.otherwise());
        BoundStatement found = references.find(statement, otherwise.block(), !otherwise.fallsThrough());
        if (found != null) {
            bound.add(found);
        }
    }

    private void variable(Statement.Variable statement, List<BoundStatement> bound) {
        if (references.isReference(statement)) {
            BoundStatement found = references.element(statement);
            if (found != null) {
                bound.add(found);
            }
            return;
        }
        Operand operand = expressions.analyze(statement.value());
        Identifier typeName = statement.type();
        BoundExpression value = typeName == null
                ? conversions.settle(operand)
                : conversions.require(
                        operand,
                        expressions.names().type(typeName),
                        "`" + statement.name().name() + "`");
        Type type = value.type();
        Variable.Kind kind = statement.mutable() ? Variable.Kind.VAR : Variable.Kind.LET;
        Variable variable = new Variable(
                statement.name().name(), type, kind, statement.name().span());
        BoundExpression.Constant known =
                !statement.mutable() && value instanceof BoundExpression.Constant constant ? constant : null;
        declarations.declare(environment.scope(), statement.name(), new Symbol.Local(variable, known));
        expressions.ranges().define(variable, value);
        bound.add(new BoundStatement.Store(new Place.Local(variable), value, statement.span()));
    }

    private void assignment(Statement.Assignment assignment, List<BoundStatement> bound) {
        Block block = assignment.otherwise();
        BoundStatement result = assignments.analyze(
                assignment, block == null ? null : block(block).block());
        if (result != null) {
            bound.add(result);
        }
    }

    private void delete(Statement.Delete delete, List<BoundStatement> bound) {
        if (!(delete.target() instanceof Expression.Index index)) {
            reporter.message(ErrorCode.NOT_A_MAP, delete.target().span(), "`delete` removes an entry of a map")
                    .label("not a map entry")
                    .help("write `delete map_name[key];`")
                    .report();
            expressions.analyze(delete.target());
            return;
        }
        MapSchema map = expressions.names().map(index.map());
        if (map == null) {
            return;
        }
        BoundExpression key = expressions.key(map, index.key());
        if (map.isArray()) {
            reporter.message(
                            ErrorCode.DELETE_FROM_ARRAY,
                            index.span(),
                            "an entry of the array `" + map.name() + "` cannot be deleted")
                    .label("the entries of an array always exist")
                    .help("set it to zero: `" + reporter.quote(index.span(), map.name() + "[...]") + " = 0;`")
                    .report();
        } else {
            bound.add(new BoundStatement.Delete(map, key, delete.span()));
        }
    }

    private boolean conditional(Statement.If statement, List<BoundStatement> bound) {
        List<BoundStatement.Branch> branches = new ArrayList<>();
        // Conditions that do not hold afterwards, because where they hold control goes elsewhere.
        List<BoundExpression> refuted = new ArrayList<>();
        boolean fallsThrough = false;
        Scope around = environment.scope();
        environment.enter();
        for (Statement.Branch branch : statement.branches()) {
            Scope outer = environment.scope();
            environment.enter();
            BoundStatement.Condition condition = condition(branch.condition());
            if (condition instanceof BoundStatement.Condition.Test(BoundExpression test)) {
                expressions.ranges().assume(test, true);
            }
            Flow flow = block(branch.body());
            declarations.warnUnused(environment.scope());
            environment.leave(outer);
            fallsThrough |= flow.fallsThrough();
            if (condition instanceof BoundStatement.Condition.Test(BoundExpression test)) {
                expressions.ranges().assume(test, false);
                if (!fallsThrough) {
                    refuted.add(test);
                }
            }
            if (condition != null) {
                branches.add(new BoundStatement.Branch(condition, flow.block()));
            }
        }
        @Nullable Flow otherwise = statement.otherwise() == null ? null : block(statement.otherwise());
        environment.leave(around);
        refuted.forEach(test -> expressions.ranges().assume(test, false));
        if (!branches.isEmpty()) {
            BoundBlock block = otherwise == null ? null : otherwise.block();
            bound.add(new BoundStatement.If(branches, block, statement.span()));
        }
        return fallsThrough || otherwise == null || otherwise.fallsThrough();
    }

    private BoundStatement.@Nullable Condition condition(Statement.Condition condition) {
        return switch (condition) {
            case Statement.Condition.Test(Expression expression) ->
                new BoundStatement.Condition.Test(conversions.condition(expressions.analyze(expression)));
            case Statement.Condition.Present present -> references.present(present);
        };
    }

    private boolean match(Statement.Match statement, List<BoundStatement> bound) {
        MatchAnalyzer.Result<Flow> result =
                expressions.matches().analyze(statement.subject(), statement.arms(), statement.span(), this::block);
        MatchTable table = result.table();
        if (table != null) {
            List<BoundBlock> blocks = result.arms().stream().map(Flow::block).toList();
            bound.add(new BoundStatement.Match(result.subject(), table, blocks, statement.span()));
        }
        return result.arms().isEmpty() || result.arms().stream().anyMatch(Flow::fallsThrough);
    }

    private void loop(Statement.For statement, List<BoundStatement> bound) {
        LoopAnalyzer.Range range = loops.range(statement);
        Scope outer = environment.scope();
        environment.enter();
        Identifier name = statement.variable();
        Variable counter = new Variable(name.name(), Type.U64, Variable.Kind.COUNTER, name.span());
        declarations.declare(environment.scope(), name, new Symbol.Local(counter, null));
        expressions.ranges().define(counter, range);
        loopDepth++;
        BoundBlock body = block(statement.body()).block();
        loopDepth--;
        declarations.warnUnused(environment.scope());
        environment.leave(outer);
        bound.add(new BoundStatement.Loop(counter, range.from(), range.to(), range.limit(), body, statement.span()));
    }

    private void each(Statement.ForEach statement, List<BoundStatement> bound) {
        MapSchema map = loops.map(statement);
        Scope outer = environment.scope();
        environment.enter();
        Identifier name = statement.key();
        boolean array = map != null && map.isArray();
        Type type = map == null ? Type.ERROR : array ? Type.U64 : map.key().type();
        Variable key = new Variable(name.name(), type, Variable.Kind.COUNTER, name.span());
        declarations.declare(environment.scope(), name, new Symbol.Local(key, null));
        Entry entry = null;
        if (map == null) {
            if (statement.value() != null) {
                references.declareBroken(statement.value());
            }
        } else {
            expressions.ranges().defineKey(key, map);
            Identifier value = statement.value() == null ? name : statement.value();
            entry = new Entry(value.name(), map, Part.whole(map.value()), value.span());
            if (statement.value() != null) {
                declarations.declare(environment.scope(), value, new Symbol.Found(entry));
            }
        }
        loopDepth++;
        BoundBlock body = block(statement.body()).block();
        loopDepth--;
        declarations.warnUnused(environment.scope());
        environment.leave(outer);
        if (entry != null) {
            bound.add(
                    array
                            ? loops.elements(statement, key, entry, body)
                            : new BoundStatement.Each(key.reads() == 0 ? null : key, entry, body, statement.span()));
        }
    }

    private boolean insideLoop(String keyword, SourceSpan span) {
        if (loopDepth == 0) {
            reporter.message(ErrorCode.OUTSIDE_LOOP, span, "`" + keyword + "` stands outside a loop")
                    .label("there is no loop to " + (keyword.equals("break") ? "leave" : "go on with"))
                    .help("to end the " + (environment.function() == null ? "hook" : "function") + " use `return`")
                    .report();
        }
        return loopDepth > 0;
    }
}
