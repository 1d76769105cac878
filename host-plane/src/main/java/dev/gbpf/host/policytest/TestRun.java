package dev.gbpf.host.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.host.plane.SteppedPlane;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.lang.policytest.CodeFragment;
import dev.gbpf.lang.policytest.CompiledStep;
import dev.gbpf.lang.policytest.PolicyTest;
import dev.gbpf.object.PolicyObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One run of one test. A step that cannot be done ends it; an expectation that fails does not. */
final class TestRun {
    private final PolicyObject policy;
    private final TestBench bench;
    private final PolicyTest test;
    private final Expectations expectations;
    private final List<Diagnostic> failures = new ArrayList<>();
    private int held;
    private boolean over;

    TestRun(PolicyObject policy, TestBench bench, PolicyTest test) {
        this.policy = policy;
        this.bench = bench;
        this.test = test;
        this.expectations = new Expectations(bench);
    }

    /** Asks the policy's {@code init}, as its activation would. */
    void initialise() {
        ExecutableProgram program = bench.program(Hook.INIT);
        if (program == null) {
            return;
        }
        long verdict = bench.plane().ask(Hook.INIT, program, Map.of()).verdict();
        if (verdict != 0) {
            fail(
                    ErrorCode.TEST_STEP_FAILED,
                    test.span(),
                    "`init` refuses with reason code " + verdict,
                    "it is asked before this test",
                    List.of());
            over = true;
        }
    }

    /** Does all steps. */
    TestOutcome finish() {
        for (CompiledStep step : test.steps()) {
            if (!over) {
                step(step);
            }
        }
        return new TestOutcome(test, held, failures);
    }

    private void step(CompiledStep step) {
        int unmet = bench.run(step.code());
        if (unmet != 0) {
            CodeFragment.Demand demand = step.code().demands().get(unmet - 1);
            over = !(step instanceof CompiledStep.Expect);
            fail(demand.code(), demand.span(), demand.message(), "needed here", List.of());
            return;
        }
        switch (step) {
            case CompiledStep.Run _ -> {}
            case CompiledStep.At(var _, SourceSpan span) -> at(span);
            case CompiledStep.Randoms(var _, int count, SourceSpan span) -> randoms(count, span);
            case CompiledStep.Queue queue -> queue(queue);
            case CompiledStep.Invoke invoke -> invoke(invoke);
            case CompiledStep.Expect(var _, var check, SourceSpan span) -> {
                Expectations.Finding finding = expectations.judge(check);
                if (finding == null) {
                    held++;
                } else {
                    fail(ErrorCode.EXPECTATION_FAILED, span, finding.message(), finding.label(), finding.notes());
                }
            }
        }
    }

    private void at(SourceSpan span) {
        long time = bench.get(CodeFragment.FIRST_OPERAND);
        long now = bench.plane().nowNs();
        if (time < now) {
            stop(
                    span,
                    time < 0 ? "a time is at most 2^63 - 1 ns" : "the clock cannot go back",
                    "it is " + Long.toUnsignedString(time) + " ns here, and was " + now + " ns before");
        } else {
            bench.plane().advanceTo(time);
        }
    }

    private void randoms(int count, SourceSpan span) {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long number = bench.get(CodeFragment.FIRST_OPERAND + i);
            if (number < 0 || number > 0xFFFF_FFFFL) {
                stop(span, "a random number has 32 bits", "number " + (i + 1) + " is " + Long.toUnsignedString(number));
                return;
            }
            numbers.add(number);
        }
        bench.plane().randoms(numbers);
    }

    private void queue(CompiledStep.Queue queue) {
        List<Map<String, Long>> jobs = new ArrayList<>();
        for (CompiledStep.Job job : queue.jobs()) {
            jobs.add(fields(job.inputs()));
        }
        if (over) {
            return;
        }
        try {
            bench.plane().fill(bench.get(queue.dsq().element()), jobs);
        } catch (IllegalArgumentException e) {
            stop(queue.span(), String.valueOf(e.getMessage()), "cannot be given");
        }
    }

    private Map<String, Long> fields(List<CompiledStep.Input> inputs) {
        Map<String, Long> fields = new HashMap<>();
        for (CompiledStep.Input input : inputs) {
            long value = bench.get(input.value().element());
            boolean negative = input.value().signed() && value < 0;
            if (negative
                    || Long.compareUnsigned(value, input.field().min()) < 0
                    || Long.compareUnsigned(value, input.field().max()) > 0) {
                String shown = negative ? Long.toString(value) : Long.toUnsignedString(value);
                stop(
                        input.value().span(),
                        "`" + input.field().name() + "` is never " + shown,
                        "expected " + Long.toUnsignedString(input.field().min()) + " to "
                                + Long.toUnsignedString(input.field().max()));
            }
            fields.put(input.field().name(), value);
        }
        return fields;
    }

    private void invoke(CompiledStep.Invoke invoke) {
        Map<String, Long> fields = fields(invoke.inputs());
        ExecutableProgram program = bench.program(invoke.hook());
        if (over || program == null) {
            return;
        }
        SteppedPlane.Answer answer;
        try {
            answer = bench.plane().ask(invoke.hook(), program, fields);
        } catch (IllegalArgumentException e) {
            stop(invoke.span(), String.valueOf(e.getMessage()), "cannot be asked so");
            return;
        }
        bench.set(invoke.result(), answer.verdict());
        for (CompiledStep.Output output : invoke.outputs()) {
            bench.set(
                    output.element(),
                    answer.context().getOrDefault(output.field().name(), 0L));
        }
    }

    private void stop(SourceSpan span, String message, String label) {
        fail(ErrorCode.TEST_STEP_FAILED, span, message, label, List.of());
        over = true;
    }

    private void fail(ErrorCode code, SourceSpan span, String message, String label, List<String> notes) {
        String file = policy.source() == null ? null : policy.source().name();
        failures.add(new Diagnostic(code.code(), Severity.ERROR, message, file, span, label, notes, null));
    }

    /** A verdict with its name, when it has one. */
    static String verdict(Hook hook, long verdict) {
        return hook.verdict().names().stream()
                .filter(n -> n.value() == verdict)
                .map(NamedValue::name)
                .findFirst()
                .map(n -> n + " (" + verdict + ")")
                .orElse(Long.toString(verdict));
    }
}
