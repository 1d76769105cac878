/** Bytes to programs and back: the encoding of RFC 9669, section 3, in little-endian byte order. */
@NullMarked
package dev.gbpf.isa.encoding;

import org.jspecify.annotations.NullMarked;
