package dev.gbpf.host.jit;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Pushes constants. A class file has room for 65,535 entries of its constant pool: past a share of it, constants are computed. */
final class Constants {
    /** Different constants that go to the pool, of two entries each at most. */
    private static final int MOST = 16_000;

    private final Set<Long> pooled = new HashSet<>();

    private boolean isPooled(long value) {
        return pooled.contains(value) || (pooled.size() < MOST && pooled.add(value));
    }

    void push(MethodVisitor out, long value) {
        if (value == 0 || value == 1) {
            out.visitInsn(value == 0 ? Opcodes.LCONST_0 : Opcodes.LCONST_1);
        } else if (value == (short) value) {
            pushInt(out, (int) value);
            out.visitInsn(Opcodes.I2L);
        } else if (isPooled(value)) {
            out.visitLdcInsn(value);
        } else if (value == (int) value) {
            pushHalf(out, (int) value);
            out.visitInsn(Opcodes.I2L);
        } else {
            pushHalf(out, (int) (value >>> 32));
            out.visitInsn(Opcodes.I2L);
            out.visitIntInsn(Opcodes.BIPUSH, 32);
            out.visitInsn(Opcodes.LSHL);
            pushHalf(out, (int) value);
            out.visitInsn(Opcodes.I2L);
            out.visitInsn(Opcodes.LXOR);
            if ((int) value < 0) {
                // The sign of the low half has turned the high one round.
                out.visitInsn(Opcodes.ICONST_M1);
                out.visitInsn(Opcodes.I2L);
                out.visitIntInsn(Opcodes.BIPUSH, 32);
                out.visitInsn(Opcodes.LSHL);
                out.visitInsn(Opcodes.LXOR);
            }
        }
    }

    void pushInt(MethodVisitor out, int value) {
        if (value >= -1 && value <= 5) {
            out.visitInsn(Opcodes.ICONST_0 + value);
        } else if (value == (byte) value) {
            out.visitIntInsn(Opcodes.BIPUSH, value);
        } else if (value == (short) value) {
            out.visitIntInsn(Opcodes.SIPUSH, value);
        } else if (isPooled(value)) {
            out.visitLdcInsn(value);
        } else {
            pushHalf(out, value);
        }
    }

    /** A number from its two halves. */
    private static void pushHalf(MethodVisitor out, int value) {
        out.visitIntInsn(Opcodes.SIPUSH, value >> 16);
        out.visitIntInsn(Opcodes.BIPUSH, 16);
        out.visitInsn(Opcodes.ISHL);
        out.visitIntInsn(Opcodes.SIPUSH, (short) value);
        out.visitInsn(Opcodes.IXOR);
        if ((short) value < 0) {
            out.visitInsn(Opcodes.ICONST_M1);
            out.visitIntInsn(Opcodes.BIPUSH, 16);
            out.visitInsn(Opcodes.ISHL);
            out.visitInsn(Opcodes.IXOR);
        }
    }
}
