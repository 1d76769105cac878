package dev.gbpf.lang.policytest;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.lang.ast.Declaration;
import dev.gbpf.lang.ast.Expression;
import dev.gbpf.lang.ast.Identifier;
import dev.gbpf.lang.ast.PolicyUnit;
import dev.gbpf.lang.ast.TestStep;
import dev.gbpf.lang.policytest.CompiledStep.Input;
import dev.gbpf.lang.policytest.CompiledStep.Output;
import dev.gbpf.lang.sema.Type;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compiles the steps that ask a hook. */
final class InvocationCompiler {
    private final Set<String> hooks = new LinkedHashSet<>();
    private final TestScope scope;
    private final FragmentFactory factory;
    private final TestReporter reporter;
    private final FieldRules fields;

    InvocationCompiler(
            PolicyUnit unit, TestScope scope, FragmentFactory factory, TestReporter reporter, FieldRules fields) {
        this.scope = scope;
        this.factory = factory;
        this.reporter = reporter;
        this.fields = fields;
        unit.declarations().stream()
                .filter(Declaration.Hook.class::isInstance)
                .forEach(h -> hooks.add(h.name().name()));
    }

    /** The step, or nothing after a complaint. */
    Optional<CompiledStep> compile(TestStep.Invoke step) {
        Optional<Hook> known = Hook.byName(step.hook().name()).filter(h -> hooks.contains(h.symbol()));
        if (known.isEmpty()) {
            missing(step.hook());
            declareUnknown(step);
            return Optional.empty();
        }
        Hook hook = known.get();
        List<ContextField> written =
                hook.context().fields().stream().filter(ContextField::writable).toList();
        if (!scope.hasRoomFor(1 + written.size())) {
            reporter.limit(step.span(), "this test has too many variables");
            return Optional.empty();
        }
        FragmentBuilder fragment = new FragmentBuilder(scope, factory, reporter, step.span());
        List<Input> inputs = fields.context(hook, step.fields(), fragment);
        if (step.result() != null) {
            checkName(step.result(), fragment);
        }
        FragmentFactory.Compiled compiled = fragment.build();
        fields.checkInputs(compiled.results(), inputs);
        inputs = FieldRules.withSigns(inputs, compiled.results());

        String name = step.result() == null ? "$unnamed" : step.result().name();
        SourceSpan place = step.result() == null ? step.span() : step.result().span();
        int result = scope.declare(name, Type.U64, place, hook).element();
        List<Output> outputs = new ArrayList<>();
        for (ContextField field : written) {
            TestScope.Entry output = scope.declare(name + "." + field.name(), Type.U64, place, null);
            outputs.add(new Output(field, output.element()));
        }
        return Optional.of(new CompiledStep.Invoke(
                compiled.code(), hook, inputs, result, outputs, step.hook().span()));
    }

    /** Declares the result in the fragment, so that a name that is taken is complained about. */
    private void checkName(Identifier name, FragmentBuilder fragment) {
        fragment.use(scope.find(name.name()));
        fragment.output(name.name(), null, new Expression.IntegerLiteral(0, name.span()), scope.nextElement());
    }

    /** A result of unknown type, so that its uses are not complained about. */
    private void declareUnknown(TestStep.Invoke step) {
        if (step.result() != null && scope.hasRoomFor(1)) {
            scope.declare(step.result().name(), Type.U64, step.result().span(), null);
        }
    }

    private void missing(Identifier hook) {
        boolean exists = Hook.byName(hook.name()).isPresent();
        reporter.message(
                        ErrorCode.TEST_HOOK_MISSING,
                        hook.span(),
                        exists
                                ? "this policy has no hook `" + hook.name() + "`"
                                : "there is no hook `" + hook.name() + "`")
                .label("cannot be asked")
                .note(
                        exists
                                ? "the plane would take the default verdict"
                                : "hooks of this policy: " + String.join(", ", hooks))
                .help(Suggestion.closest(hook.name(), hooks)
                        .map(n -> "did you mean `" + n + "`?")
                        .orElse(null))
                .report();
    }
}
