package dev.gbpf.host.vm;

import dev.gbpf.host.helper.PlaneServices;

/** A verified program, bound to its maps and ready to run. Not for more than one thread at a time. */
public interface ExecutableProgram {
    /**
     * Runs it once.
     *
     * @param context address of the hook's context in native memory, laid out as its {@link dev.gbpf.abi.ContextLayout}
     * @param services the plane that asks
     * @return {@code r0}
     */
    long run(long context, PlaneServices services);

    /** What runs it now; any thread may ask. */
    default ProgramTier tier() {
        return ProgramTier.JIT;
    }
}
