package dev.gbpf.host.vm;

/**
 * A program as the interpreter runs it.
 *
 * @param code the words of its micro-operations, laid out as {@link MicroOp} says
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the predecoder to the interpreter, which only reads it
record PredecodedProgram(long[] code) {}
