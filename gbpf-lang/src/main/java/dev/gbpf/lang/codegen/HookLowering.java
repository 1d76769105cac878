package dev.gbpf.lang.codegen;

import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.sema.BoundBlock;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.BoundFunction;
import dev.gbpf.lang.sema.BoundHook;
import dev.gbpf.lang.sema.Entry;
import dev.gbpf.lang.sema.Variable;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the lowering of the expressions and statements of one hook, or of one function that is called, share: the code so far
 * and who lives where.
 */
final class HookLowering {
    private final CodeBuilder code;
    private final Predicate<BoundFunction> inlined;
    private final ExpressionLowering expressions;
    private final MapLowering maps;
    private final BufferLowering buffers;
    private InlineFrame frame = InlineFrame.outermost();
    private int context = LowInstruction.NONE;

    private HookLowering(SourceSpan span, int linesBefore, Predicate<BoundFunction> inlined) {
        this.code = new CodeBuilder(span, linesBefore);
        this.inlined = inlined;
        this.maps = new MapLowering(this);
        this.buffers = new BufferLowering(this);
        this.expressions = new ExpressionLowering(this);
    }

    /** The code of a hook; the functions that {@code inlined} accepts stand in it in place of their calls. */
    static LowCode lower(BoundHook hook, Predicate<BoundFunction> inlined) {
        HookLowering lowering = new HookLowering(hook.span(), 0, inlined);
        lowering.context = lowering.code.copy(new Source.Reg(1));
        lowering.body(hook.body(), hook.hook().verdict().defaultVerdict(), hook.end());
        return lowering.code.build();
    }

    /** The code of a function that is called: arguments in r1 to r5, its result in r0. */
    static LowCode lower(BoundFunction function, Predicate<BoundFunction> inlined) {
        HookLowering lowering =
                new HookLowering(function.span(), function.module().linesBefore(), inlined);
        List<Variable> parameters = function.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            int copy = lowering.code.copy(new Source.Reg(i + 1));
            lowering.frame.bind(parameters.get(i), new Source.Reg(copy));
        }
        lowering.body(function.body(), 0, function.end());
        return lowering.code.build();
    }

    private void body(BoundBlock block, long otherwise, SourceSpan end) {
        new StatementLowering(this).block(block);
        code.at(end);
        leave(new Source.Imm(otherwise));
    }

    /** Puts the body of a function in place of its call; gives its value. */
    Source inline(BoundExpression.Invoke call, List<Source> arguments) {
        BoundFunction function = call.function();
        InlineFrame caller = frame;
        InlineFrame callee = InlineFrame.inPlace(code);
        for (int i = 0; i < arguments.size(); i++) {
            Variable parameter = function.parameters().get(i);
            callee.ranges()
                    .assume(parameter, caller.ranges().of(call.arguments().get(i)));
            callee.bind(parameter, arguments.get(i));
        }
        frame = callee;
        int text = code.inText(function.module().linesBefore());
        new StatementLowering(this).block(function.body());
        if (!function.givesValue()) {
            code.move(callee.result(), new Source.Imm(0));
        }
        code.place(callee.end());
        code.inText(text);
        frame = caller;
        return new Source.Reg(callee.result());
    }

    boolean isInlined(BoundFunction function) {
        return inlined.test(function);
    }

    /** Ends the body with the value of an expression. */
    void leave(BoundExpression value, SourceSpan span) {
        if (frame.isOutermost()) {
            Source result = expressions.evaluate(value);
            code.at(span);
            leave(result);
        } else {
            expressions.evaluateInto(frame.result(), value);
            code.at(span);
            code.jump(frame.end());
        }
    }

    private void leave(Source value) {
        code.move(0, value);
        code.emit(new LowInstruction.Exit());
    }

    CodeBuilder code() {
        return code;
    }

    ExpressionLowering expressions() {
        return expressions;
    }

    BufferLowering buffers() {
        return buffers;
    }

    MapLowering maps() {
        return maps;
    }

    /** What is known about the ranges of values. */
    ExpressionRange ranges() {
        return frame.ranges();
    }

    /** The register that holds the address of the context; only hooks have one. */
    int context() {
        return context;
    }

    /** What a variable holds. */
    Source value(Variable variable) {
        return frame.value(variable, code);
    }

    /** The register of a variable that is no parameter. */
    int register(Variable variable) {
        return frame.register(variable, code);
    }

    /** The register that holds the address of an entry. */
    int register(Entry entry) {
        return frame.register(entry, code);
    }
}
