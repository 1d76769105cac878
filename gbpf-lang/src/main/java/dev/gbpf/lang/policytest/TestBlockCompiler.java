package dev.gbpf.lang.policytest;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.Block;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.ast.Statement;
import dev.gbpf.lang.ast.TestBlock;
import dev.gbpf.lang.ast.TestStep;
import dev.gbpf.lang.sema.BufferOperation;
import dev.gbpf.lang.sema.FragmentAnalyzer;
import dev.gbpf.lang.sema.Type;
import java.util.ArrayList;
import java.util.List;

/** Compiles the steps of one test. */
final class TestBlockCompiler {
    private static final String RANDOM = "random";
    private static final String QUEUE = "queue";

    private final FragmentFactory factory;
    private final TestReporter reporter;
    private final TestScope scope = new TestScope();
    private final FieldRules fields;
    private final InvocationCompiler invocations;
    private final ExpectationCompiler expectations;
    private final List<CompiledStep> steps = new ArrayList<>();

    TestBlockCompiler(PolicyUnit unit, FragmentFactory factory, TestReporter reporter) {
        this.factory = factory;
        this.reporter = reporter;
        this.fields = new FieldRules(reporter);
        this.invocations = new InvocationCompiler(unit, scope, factory, reporter, fields);
        this.expectations = new ExpectationCompiler(scope, factory, reporter, fields);
    }

    PolicyTest compile(TestBlock block) {
        if (block.steps().stream().noneMatch(TestStep.Expect.class::isInstance)) {
            reporter.message(ErrorCode.TEST_WITHOUT_EXPECTATION, block.span(), "this test expects nothing")
                    .label("it cannot fail")
                    .help("say what must hold: `expect r == ENQUEUE;`")
                    .report();
        }
        block.steps().forEach(this::step);
        return new PolicyTest(block.title(), block.span(), steps);
    }

    private void step(TestStep step) {
        switch (step) {
            case TestStep.Given(Statement statement) -> given(statement);
            case TestStep.GivenList list -> list(list);
            case TestStep.GivenQueue queue -> queue(queue);
            case TestStep.At at -> at(at);
            case TestStep.Let let -> let(let);
            case TestStep.Invoke invoke -> invocations.compile(invoke).ifPresent(steps::add);
            case TestStep.Expect expect -> expectations.compile(expect, steps);
        }
    }

    private FragmentBuilder fragment(SourceSpan span) {
        return new FragmentBuilder(scope, factory, reporter, span);
    }

    private void given(Statement statement) {
        FragmentBuilder fragment = fragment(statement.span());
        if (statement instanceof Statement.Assignment(var target, var _, var value, var _, var span)) {
            if (target instanceof Expression.Name(var name, var _) && name.equals(RANDOM)) {
                randoms(List.of(value), span);
                return;
            }
            fragment.add(new Statement.Assignment(
                    target(fragment, target),
                    null,
                    fragment.rewrite(value),
                    target instanceof Expression.Index ? fragment.failure("the map refused this entry", span) : null,
                    span));
        } else if (statement instanceof Statement.Delete(var target, var span)) {
            fragment.add(new Statement.Delete(target(fragment, target), span));
        } else if (statement instanceof Statement.Evaluate(var expression, var _, var span)) {
            boolean mayFail = expression instanceof Expression.Call call && BufferOperation.takesValue(call);
            Block full = mayFail ? fragment.failure("there is no room for this value", span) : null;
            fragment.add(new Statement.Evaluate(fragment.rewrite(expression), full, span));
        }
        steps.add(new CompiledStep.Run(fragment.build().code(), statement.span()));
    }

    /** What is set or removed: the key may use the test's variables, but the entry itself need not be there. */
    private Expression target(FragmentBuilder fragment, Expression target) {
        return target instanceof Expression.Index index
                ? new ExpressionRewriter(scope, fragment, reporter).rewriteKey(index)
                : target;
    }

    private void list(TestStep.GivenList list) {
        if (list.what().name().equals(RANDOM)) {
            randoms(list.values(), list.span());
        } else {
            unknownGiven(list.what().span(), list.what().name());
        }
    }

    private void randoms(List<Expression> values, SourceSpan span) {
        FragmentBuilder fragment = fragment(span);
        values.forEach(v -> fragment.operand(fragment.rewrite(v)));
        FragmentFactory.Compiled compiled = fragment.build();
        for (FragmentAnalyzer.Result result : compiled.results()) {
            fields.checkRange(result.value(), "a random number", 0, 0xFFFF_FFFFL);
        }
        steps.add(new CompiledStep.Randoms(compiled.code(), values.size(), span));
    }

    private void queue(TestStep.GivenQueue queue) {
        if (!queue.what().name().equals(QUEUE)) {
            unknownGiven(queue.what().span(), queue.what().name());
            return;
        }
        FragmentBuilder fragment = fragment(queue.span());
        int number = fragment.operand(fragment.rewrite(queue.number()));
        List<CompiledStep.Job> jobs = new ArrayList<>();
        for (TestStep.Fields job : queue.jobs()) {
            jobs.add(new CompiledStep.Job(fields.job(job, fragment), job.span()));
        }
        FragmentFactory.Compiled compiled = fragment.build();
        fields.checkInputs(
                compiled.results(),
                jobs.stream().flatMap(j -> j.inputs().stream()).toList());
        List<CompiledStep.Job> signed = jobs.stream()
                .map(j -> new CompiledStep.Job(FieldRules.withSigns(j.inputs(), compiled.results()), j.span()))
                .toList();
        steps.add(new CompiledStep.Queue(
                compiled.code(),
                new CompiledStep.Value(number, false, queue.number().span()),
                signed,
                queue.span()));
    }

    private void unknownGiven(SourceSpan span, String name) {
        reporter.message(ErrorCode.TEST_GIVEN, span, "there is no list `" + name + "` to give")
                .label("not known here")
                .help("entries: `given m[1] = 5;`  jobs: `given queue 1 = [{tenant: 0}];`  random numbers:"
                        + " `given random = [7, 9];`")
                .report();
    }

    private void at(TestStep.At at) {
        FragmentBuilder fragment = fragment(at.span());
        fragment.operand(fragment.rewrite(at.time()));
        FragmentFactory.Compiled compiled = fragment.build();
        for (FragmentAnalyzer.Result result : compiled.results()) {
            fields.checkRange(result.value(), "a time", 0, Long.MAX_VALUE);
        }
        steps.add(new CompiledStep.At(compiled.code(), at.time().span()));
    }

    private void let(TestStep.Let let) {
        if (!scope.hasRoomFor(1)) {
            reporter.limit(let.span(), "this test has too many variables");
            return;
        }
        FragmentBuilder fragment = fragment(let.span());
        // An earlier variable of the same name is in sight, so that it is complained about.
        fragment.use(scope.find(let.name().name()));
        Expression value = fragment.rewrite(let.value());
        fragment.add(fragment.output(
                let.name().name(),
                let.type(),
                value,
                scope.nextElement(),
                let.name().span()));
        FragmentFactory.Compiled compiled = fragment.build();
        Type type = compiled.results().isEmpty()
                ? Type.ERROR
                : compiled.results().getFirst().value().type();
        scope.declare(let.name().name(), type, let.name().span(), null);
        steps.add(new CompiledStep.Run(compiled.code(), let.span()));
    }
}
