package dev.gbpf.lang.sema;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.VerdictSpec;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import org.jspecify.annotations.Nullable;

/** Checks what a hook returns. That a computed verdict is in range is the verifier's to prove. */
final class VerdictRules {
    private final Environment environment;
    private final Conversions conversions;
    private final Reporter reporter;

    VerdictRules(Environment environment, Conversions conversions, Reporter reporter) {
        this.environment = environment;
        this.conversions = conversions;
        this.reporter = reporter;
    }

    /** The verdict of {@code return value;}, or the hook's default for {@code return;}. */
    BoundExpression check(@Nullable Operand operand, SourceSpan span) {
        Hook hook = environment.hook();
        if (hook == null) {
            throw new IllegalStateException("a return statement outside a hook");
        }
        VerdictSpec spec = hook.verdict();
        if (operand == null) {
            return new BoundExpression.Constant(Type.U64, spec.defaultVerdict(), span);
        }
        BoundExpression verdict = conversions.integer(operand);
        if (verdict instanceof BoundExpression.Constant constant
                && constant.type() != Type.ERROR
                && !isInRange(constant, spec)) {
            reporter.message(
                            ErrorCode.VERDICT_OUT_OF_RANGE,
                            verdict.span(),
                            Conversions.show(constant) + " is not a verdict of " + hook.symbol())
                    .label(
                            spec.min() == spec.max()
                                    ? "the only verdict here is " + spec.min()
                                    : "a verdict here is " + spec.min() + " to " + spec.max())
                    .note("verdicts of " + hook.symbol() + ": " + NameResolver.verdicts(hook))
                    .help("`return;` gives the default verdict: " + spec.defaultDoc())
                    .report();
        }
        return verdict;
    }

    private static boolean isInRange(BoundExpression.Constant constant, VerdictSpec spec) {
        boolean beyondSigned = constant.type() == Type.U64 && constant.value() < 0;
        return !beyondSigned && constant.value() >= spec.min() && constant.value() <= spec.max();
    }
}
