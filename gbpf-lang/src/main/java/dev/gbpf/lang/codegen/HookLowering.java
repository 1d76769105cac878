package dev.gbpf.lang.codegen;

import dev.gbpf.lang.sema.BoundHook;
import dev.gbpf.lang.sema.Entry;
import dev.gbpf.lang.sema.Variable;
import java.util.IdentityHashMap;

/** What the lowering of one hook's expressions and statements share: the code so far and who lives where. */
final class HookLowering {
    private final CodeBuilder code;
    private final int context;
    private final IdentityHashMap<Variable, Integer> variables = new IdentityHashMap<>();
    private final IdentityHashMap<Entry, Integer> entries = new IdentityHashMap<>();
    private final UpperBound bounds = new UpperBound();
    private final ExpressionLowering expressions;
    private final MapLowering maps;

    private HookLowering(BoundHook hook) {
        this.code = new CodeBuilder(hook.span());
        this.context = code.copy(new Source.Reg(1));
        this.maps = new MapLowering(this);
        this.expressions = new ExpressionLowering(this);
    }

    /** The code of a hook. */
    static LowCode lower(BoundHook hook) {
        HookLowering lowering = new HookLowering(hook);
        new StatementLowering(lowering).block(hook.body());
        lowering.code.at(hook.end());
        lowering.code.move(0, new Source.Imm(hook.hook().verdict().defaultVerdict()));
        lowering.code.emit(new LowInstruction.Exit());
        return lowering.code.build();
    }

    CodeBuilder code() {
        return code;
    }

    ExpressionLowering expressions() {
        return expressions;
    }

    MapLowering maps() {
        return maps;
    }

    /** What is known about the size of values. */
    UpperBound bounds() {
        return bounds;
    }

    /** The register that holds the address of the context. */
    int context() {
        return context;
    }

    /** The register of a variable. */
    int register(Variable variable) {
        return variables.computeIfAbsent(variable, _ -> code.newRegister());
    }

    /** The register that holds the address of an entry. */
    int register(Entry entry) {
        return entries.computeIfAbsent(entry, _ -> code.newRegister());
    }
}
