package dev.gbpf.host.vm;

/** Sees each instruction of a checked run before it executes. */
@FunctionalInterface
public interface StepObserver {
    /** Looks at nothing. */
    StepObserver NONE = (index, registers, depth) -> {};

    /**
     * The instruction at {@code index} comes next.
     *
     * @param index counts the program's instructions
     * @param registers r0 to r10 as they are now; not to be kept or changed
     * @param depth functions under way, 0 in the first
     */
    void before(int index, long[] registers, int depth);
}
