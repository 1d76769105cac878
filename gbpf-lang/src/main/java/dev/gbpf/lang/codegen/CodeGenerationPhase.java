package dev.gbpf.lang.codegen;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceFile;
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

    private CodeGenerationPhase(DiagnosticCollector diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The object of a policy; a hook that breaks a limit of the machine is left out and complained about. */
    public static PolicyObject generate(BoundPolicy policy, SourceFile source, DiagnosticCollector diagnostics) {
        CodeGenerationPhase phase = new CodeGenerationPhase(diagnostics);
        List<ProgramObject> programs = new ArrayList<>();
        for (BoundHook hook : policy.hooks()) {
            phase.program(hook).ifPresent(programs::add);
        }
        return new PolicyObject(
                policy.name(),
                AbiVersion.CURRENT,
                policy.maps().stream().map(MapSchema::definition).toList(),
                programs,
                source);
    }

    private Optional<ProgramObject> program(BoundHook hook) {
        LowCode lowered = HookLowering.lower(hook);
        LowCode threaded = BranchThreading.thread(ControlFlowCleanup.clean(lowered));
        LowCode cleaned = DeadCodeElimination.eliminate(ControlFlowCleanup.clean(threaded));
        if (new Assembly(cleaned).slots() > MAX_SLOTS) {
            return tooLarge(hook, new Assembly(cleaned).slots());
        }
        Optional<LowCode> allocated = RegisterAllocation.allocate(cleaned);
        if (allocated.isEmpty()) {
            return needsTooMuchStack(hook);
        }
        Assembly assembly = new Assembly(ControlFlowCleanup.clean(allocated.get()));
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

    private Optional<ProgramObject> needsTooMuchStack(BoundHook hook) {
        diagnostics
                .message(
                        ErrorCode.STACK_EXCEEDED,
                        hook.span(),
                        "`" + hook.hook().symbol() + "` keeps too many values at once: its stack frame has only "
                                + RegisterAllocation.MAX_FRAME + " bytes")
                .label("this hook")
                .note("about " + (RegisterAllocation.MAX_FRAME / Long.BYTES) + " variables can hold a value at a time")
                .help("declare variables in inner blocks, near where they are used, or keep tables in a map")
                .report();
        return Optional.empty();
    }
}
