package dev.gbpf.verifier.cfg;

/**
 * A straight run of instructions in one activation of its function. A function that is called from two places has each block
 * twice: states at different call sites never mix.
 *
 * @param id number in {@link ControlFlowGraph#blocks()}
 * @param context the activation
 * @param first index of the first instruction
 * @param last index of the last instruction; the only one that can branch, call a function or return
 */
public record BasicBlock(int id, CallContext context, int first, int last) {

    /** How many instructions it has. */
    public int length() {
        return last - first + 1;
    }
}
