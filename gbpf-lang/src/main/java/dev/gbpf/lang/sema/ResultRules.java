package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import org.jspecify.annotations.Nullable;

/** Checks what a function returns: a value of its type on every path, or none at all. */
final class ResultRules {
    private final Conversions conversions;
    private final Reporter reporter;

    ResultRules(Conversions conversions, Reporter reporter) {
        this.conversions = conversions;
        this.reporter = reporter;
    }

    /** The result of {@code return value;}, or of {@code return;}; a function without a result gives 0, which nobody sees. */
    BoundExpression check(BoundFunction function, @Nullable Operand operand, SourceSpan span) {
        Type result = function.result();
        if (operand != null && result != null) {
            return conversions.require(operand, result, "the result of `" + function.name() + "`");
        }
        if (operand != null) {
            reporter.message(
                            ErrorCode.RETURN_VALUE,
                            operand.span(),
                            "`" + function.name() + "` gives no value, but this returns one")
                    .label("there is no type after the parameters")
                    .help("say what it gives: `fn " + function.signatureWithTypes() + " -> "
                            + conversions.settle(operand).type().keyword() + "`\nor write `return;`")
                    .report();
        } else if (result != null) {
            reporter.message(
                            ErrorCode.RETURN_VALUE,
                            span,
                            "`" + function.name() + "` gives a value, but this returns none")
                    .label("expected " + Conversions.article(result))
                    .help("return a value: `return " + example(result) + ";`")
                    .report();
        }
        return nothing(span);
    }

    /** Complains when control can come to the end of a function that gives a value. */
    void checkEnd(BoundFunction function, boolean fallsThrough) {
        Type result = function.result();
        if (fallsThrough && result != null && result != Type.ERROR) {
            reporter.message(
                            ErrorCode.MISSING_RETURN,
                            function.end(),
                            "`" + function.name() + "` ends without a value on some path")
                    .label("comes here without `return`")
                    .note("it gives " + Conversions.article(result))
                    .help("return a value at the end: `return " + example(result) + ";`")
                    .report();
        }
    }

    private static BoundExpression nothing(SourceSpan span) {
        return new BoundExpression.Constant(Type.U64, 0, span);
    }

    private static String example(Type type) {
        return type == Type.BOOL ? "false" : "0";
    }
}
