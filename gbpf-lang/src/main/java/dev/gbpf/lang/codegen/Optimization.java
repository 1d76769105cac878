package dev.gbpf.lang.codegen;

import dev.gbpf.abi.ContextLayout;
import dev.gbpf.lang.codegen.ValueNumbering.Numbered;
import dev.gbpf.lang.codegen.ValueNumbering.Reuse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The passes from lowered code to code over the machine's registers, in their order. */
final class Optimization {
    /** Lines up to which a program is allocated in more than one way. */
    private static final int MOST_LINES_TO_COMPARE = 4_000;

    private final @Nullable ContextLayout context;

    private Optimization(@Nullable ContextLayout context) {
        this.context = context;
    }

    /** Shortened code, still over unlimited registers. */
    static LowCode simplify(LowCode lowered) {
        LowCode threaded = BranchThreading.thread(ControlFlowCleanup.clean(lowered));
        return DeadCodeElimination.eliminate(ControlFlowCleanup.clean(threaded));
    }

    /**
     * The shortest code over the machine's registers that was found; nothing when it needs more than
     * {@link RegisterAllocation#MAX_FRAME} bytes of the frame.
     *
     * @param simplified what {@link #simplify} gave
     * @param context what r1 points to at the start; null in a function, which gets numbers
     */
    static Optional<LowCode> allocate(LowCode simplified, @Nullable ContextLayout context) {
        Optimization optimization = new Optimization(context);
        Optional<LowCode> live = optimization.allocate(simplified, Reuse.LIVE);
        if (simplified.lines().size() > MOST_LINES_TO_COMPARE) {
            return live;
        }
        // Whether a value is worth a register over a call, only the allocation tells.
        Optional<LowCode> any = optimization.allocate(simplified, Reuse.VIRTUAL);
        return any.isPresent() && (live.isEmpty() || slots(any.get()) < slots(live.get())) ? any : live;
    }

    private static int slots(LowCode code) {
        return new Assembly(List.of(new ProgramPart(null, code))).slots();
    }

    private Optional<LowCode> allocate(LowCode code, Reuse reuse) {
        LowCode numbered = clean(ValueNumbering.number(code, context, reuse).code());
        LowCode speculated = ControlFlowCleanup.clean(Speculation.speculate(numbered));
        Numbered again = ValueNumbering.number(speculated, context, reuse);
        LowCode inverted = LoopInversion.invert(again.code(), again.passedTests());
        return RegisterAllocation.allocate(clean(inverted)).map(this::finish);
    }

    /** What is to be gained when registers and slots of the frame are known. */
    private LowCode finish(LowCode allocated) {
        LowCode numbered = ValueNumbering.number(ControlFlowCleanup.clean(allocated), context, Reuse.ALL)
                .code();
        return ControlFlowCleanup.clean(ExitSharing.share(clean(numbered)));
    }

    private static LowCode clean(LowCode code) {
        LowCode cleaned = ControlFlowCleanup.clean(code);
        return DeadCodeElimination.eliminate(DeadStoreElimination.eliminate(DeadCodeElimination.eliminate(cleaned)));
    }
}
