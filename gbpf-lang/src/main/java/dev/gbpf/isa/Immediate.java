package dev.gbpf.isa;

/**
 * A signed 32-bit immediate. 64-bit operations sign-extend it to 64 bits (RFC 9669, section 4.1).
 *
 * @param value the immediate as encoded, signed
 */
public record Immediate(int value) implements Operand {
    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
