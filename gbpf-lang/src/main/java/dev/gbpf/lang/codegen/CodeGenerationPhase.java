package dev.gbpf.lang.codegen;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.module.Modules;
import dev.gbpf.lang.sema.BoundFunction;
import dev.gbpf.lang.sema.BoundHook;
import dev.gbpf.lang.sema.BoundPolicy;
import dev.gbpf.lang.sema.MapSchema;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Generates the instructions of a policy. */
public final class CodeGenerationPhase {
    /** Slots of a program, at most; any jump then fits in its 16 bits. */
    public static final int MAX_SLOTS = Short.MAX_VALUE;

    private final DiagnosticCollector diagnostics;
    private final FunctionPlan functions = new FunctionPlan();

    private CodeGenerationPhase(DiagnosticCollector diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The object of a policy; a hook that breaks a limit of the machine is left out and complained about. */
    public static PolicyObject generate(BoundPolicy policy, Modules modules) {
        CodeGenerationPhase phase = new CodeGenerationPhase(modules.main().diagnostics());
        List<ProgramObject> programs = new ArrayList<>();
        for (BoundHook hook : policy.hooks()) {
            phase.program(hook).ifPresent(programs::add);
        }
        return new PolicyObject(
                policy.name(),
                AbiVersion.CURRENT,
                policy.maps().stream().map(MapSchema::definition).toList(),
                programs,
                modules.source());
    }

    private Optional<ProgramObject> program(BoundHook hook) {
        List<ProgramPart> lowered = functions.lower(hook);
        if (new Assembly(lowered).slots() > MAX_SLOTS) {
            return tooLarge(hook, new Assembly(lowered).slots());
        }
        List<ProgramPart> allocated = new ArrayList<>();
        for (ProgramPart part : lowered) {
            boolean isHook = part.function() == null;
            Optional<LowCode> code =
                    Optimization.allocate(part.code(), isHook ? hook.hook().context() : null);
            if (code.isEmpty()) {
                return needsTooMuchStack(hook, part);
            }
            allocated.add(part.with(code.get()));
        }
        Assembly assembly = new Assembly(allocated);
        if (assembly.slots() > MAX_SLOTS) {
            return tooLarge(hook, assembly.slots());
        }
        return Optional.of(new ProgramObject(hook.hook(), assembly.program(), assembly.lineInfo()));
    }

    private Optional<ProgramObject> tooLarge(BoundHook hook, int slots) {
        diagnostics
                .message(
                        ErrorCode.PROGRAM_TOO_LARGE,
                        hook.span(),
                        "the program of `" + hook.hook().symbol() + "` is too large: " + slots + " slots, at most "
                                + MAX_SLOTS + " are allowed")
                .label("this hook")
                .help("put what repeats itself in a loop, or move part of the work to another hook")
                .report();
        return Optional.empty();
    }

    private Optional<ProgramObject> needsTooMuchStack(BoundHook hook, ProgramPart part) {
        BoundFunction function = part.function();
        diagnostics
                .message(
                        ErrorCode.STACK_EXCEEDED,
                        function == null || !function.module().isMain() ? hook.span() : function.span(),
                        "`" + (function == null ? hook.hook().symbol() : function.name())
                                + "` keeps too many values at once: its stack frame has only "
                                + RegisterAllocation.MAX_FRAME + " bytes")
                .label("this " + (function == null ? "hook" : "function"))
                .note("about " + (RegisterAllocation.MAX_FRAME / Long.BYTES) + " variables can hold a value at a time")
                .help("declare variables in inner blocks, near where they are used, or keep tables in a map")
                .report();
        return Optional.empty();
    }
}
