package dev.gbpf.object;

/**
 * Where the instructions from {@code pc} on come from.
 *
 * @param pc first slot that the entry covers; it covers up to the next entry
 * @param line line of the source, from 1; counted through the source and its imports
 * @param column column of the source, from 1
 * @param length length of the source text there, at least 1
 */
public record LineInfo(int pc, int line, int column, int length) {}
