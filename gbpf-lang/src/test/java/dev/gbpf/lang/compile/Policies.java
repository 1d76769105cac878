package dev.gbpf.lang.compile;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.module.ModuleResolver;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.lang.testing.ReferenceMachine;
import dev.gbpf.object.PolicyObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ToLongFunction;

/** Compiles and runs policies for tests; an ambiguity of the grammar is a failure everywhere. */
final class Policies {
    static final String FILE = "test.gbpf";

    private Policies() {}

    static CompileResult compile(String text) {
        return PolicyCompiler.compile(new SourceFile(FILE, text), ModuleResolver.NONE, ParserMode.EXACT_AMBIGUITY);
    }

    /** The policy of a text that must compile; warnings are fine. */
    static PolicyObject compiled(String text) {
        return switch (compile(text)) {
            case CompileResult.Compiled(PolicyObject object, var _) -> object;
            case CompileResult.Failed(var diagnostics) ->
                throw new AssertionError(new DiagnosticRenderer(new SourceFile(FILE, text), false).render(diagnostics));
        };
    }

    /** A policy whose {@code on_tick} has this body. */
    static String onTick(String body) {
        return "policy test;\nhook on_tick(ctx) {\n" + body + "\n}\n";
    }

    /** What dsq_len sees when it is called with {@code expression}, in a policy with these declarations before it. */
    static long evaluate(String declarations, String expression) {
        return evaluateIn(declarations, "dsq_len(" + expression + ");");
    }

    /** The argument of the last dsq_len that {@code statements}, the body of {@code on_tick}, call. */
    static long evaluateIn(String declarations, String statements) {
        String text = "policy test;\n" + declarations + "\nhook on_tick(ctx) {\n" + statements + "\n}\n";
        long[] seen = {0xDEAD};
        run(compiled(text), Hook.ON_TICK, call -> {
            if (call.helper() == Helper.DSQ_LEN) {
                seen[0] = call.arguments().getFirst();
            }
            return 0;
        });
        return seen[0];
    }

    static long run(PolicyObject object, Hook hook, ToLongFunction<ReferenceMachine.HelperCall> helpers) {
        return new ReferenceMachine(object, helpers)
                .run(object.program(hook).orElseThrow().program(), least(hook.context()));
    }

    /** A context of the least values that the plane ever puts there. */
    private static byte[] least(ContextLayout layout) {
        ByteBuffer context = ByteBuffer.allocate(layout.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (ContextField field : layout.fields()) {
            if (field.width() == Width.W) {
                context.putInt(field.offset(), (int) field.min());
            } else {
                context.putLong(field.offset(), field.min());
            }
        }
        return context.array();
    }
}
