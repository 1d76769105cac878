package dev.gbpf.abi;

import dev.gbpf.isa.Width;

/**
 * One field of a hook's context.
 *
 * @param name as policies write it after {@code ctx.}
 * @param offset in bytes from the start of the context, a multiple of the width
 * @param width 4 or 8 bytes; little-endian, unsigned
 * @param writable whether the program may store to it; writable fields are outputs that the plane reads with the verdict
 * @param doc one sentence with unit and range
 */
public record ContextField(String name, int offset, Width width, boolean writable, String doc) {}
