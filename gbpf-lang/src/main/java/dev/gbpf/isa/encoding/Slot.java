package dev.gbpf.isa.encoding;

import java.nio.ByteBuffer;

/**
 * One 8-byte slot as it is encoded (RFC 9669, section 3.1), nothing interpreted.
 *
 * <pre>
 *   byte    0        1              2..3     4..7
 *         | opcode | src:4 dst:4 | offset | imm    |
 * </pre>
 *
 * @param code opcode, 0 to 255
 * @param dst destination register field, 0 to 15
 * @param src source register field, 0 to 15
 * @param offset signed 16 bits
 * @param imm signed 32 bits
 */
record Slot(int code, int dst, int src, int offset, int imm) {
    static final int BYTES = 8;

    /** Reads the next 8 bytes of a little-endian buffer. */
    static Slot read(ByteBuffer in) {
        int code = in.get() & 0xff;
        int registers = in.get() & 0xff;
        return new Slot(code, registers & 0xf, registers >>> 4, in.getShort(), in.getInt());
    }

    /** Appends 8 bytes to a little-endian buffer. */
    void write(ByteBuffer out) {
        out.put((byte) code)
                .put((byte) (src << 4 | dst))
                .putShort((short) offset)
                .putInt(imm);
    }
}
