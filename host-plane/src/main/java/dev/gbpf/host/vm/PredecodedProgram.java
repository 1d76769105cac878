package dev.gbpf.host.vm;

/**
 * A program as the interpreter runs it.
 *
 * @param code one word for each micro-operation, laid out as {@link MicroOp} says
 * @param constants the 64-bit immediates that do not fit into a word
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the predecoder to the interpreter, which only reads them
record PredecodedProgram(long[] code, long[] constants) {

    /** The micro-operation at an index, for messages and tests. */
    int opcode(int index) {
        return (int) code[index] & 0xFF;
    }
}
