package dev.gbpf.host.jit;

import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Runs the chunks of a function, one after the other as they say, until one says -1. Chunks in great number are run in groups,
 * each in a method of its own, so that no driver is itself too large to compile.
 */
final class ChunkDriver {
    /** Chunks of a group, a power of two. */
    private static final int GROUP_SHIFT = 7;

    /** Bytes of one register where chunks hand it over. */
    private static final int SLOT = Long.BYTES;
    /** Frames are this many times as far apart as the places where their registers are handed over. */
    static final int FRAME_PER_SPILL_SHIFT = 2;

    private final ClassVisitor out;
    private final Constants constants;
    private final FunctionShape shape;
    private final int count;

    ChunkDriver(ClassVisitor out, Constants constants, FunctionShape shape, Chunks chunks) {
        this.out = out;
        this.constants = constants;
        this.shape = shape;
        this.count = chunks.list().size();
    }

    static String chunkName(FunctionShape shape, int number) {
        return shape.name() + "_chunk" + number;
    }

    private String groupName(int number) {
        return shape.name() + "_group" + number;
    }

    /** Pushes the address where a register is handed over. */
    static CodeBuilder spillAddress(CodeBuilder code, int spill, Register register) {
        return code.loadLong(spill).push((long) SLOT * register.number()).op(Opcodes.LADD);
    }

    /** Writes the function's own method, which begins with the chunk and entry of {@code start}. */
    void emit(int start) {
        int groups = ((count - 1) >> GROUP_SHIFT) + 1;
        for (int g = 0; groups > 1 && g < groups; g++) {
            group(g);
        }
        CodeBuilder code = method(shape.name(), shape.descriptor());
        code.parameter(ClassEmitter.NAME);
        shape.parameters().forEach(code::parameter);
        int services = code.parameter(Type.getInternalName(PlaneServices.class));
        code.field(ClassEmitter.SPILL, "J").load(Register.R10).field(ClassEmitter.FRAME, "J");
        code.op(Opcodes.LSUB).pushInt(FRAME_PER_SPILL_SHIFT).op(Opcodes.LUSHR).op(Opcodes.LADD);
        int spill = code.longParameter();
        code.storeLong(spill);
        int next = code.zeroInt();
        for (Register parameter : shape.parameters()) {
            if (parameter != Register.R10) {
                spillAddress(code.access(Width.DW), spill, parameter)
                        .load(parameter)
                        .set(Width.DW);
            }
        }
        code.pushInt(start).storeInt(next);
        if (groups > 1) {
            loop(code, next, spill, services, 0, groups, Short.SIZE + GROUP_SHIFT, this::groupName);
        } else {
            loop(code, next, spill, services, 0, count, Short.SIZE, i -> chunkName(shape, i));
        }
        spillAddress(code.access(Width.DW), spill, Register.R0)
                .get(Width.DW, false)
                .op(Opcodes.LRETURN);
        code.end();
    }

    private void group(int number) {
        CodeBuilder code = method(groupName(number), FunctionEmitter.CHUNK);
        code.parameter(ClassEmitter.NAME);
        int next = code.intParameter();
        code.parameter(Register.R10);
        int spill = code.longParameter();
        int services = code.parameter(Type.getInternalName(PlaneServices.class));
        int first = number << GROUP_SHIFT;
        int end = Math.min(count, first + (1 << GROUP_SHIFT));
        loop(code, next, spill, services, first, end, Short.SIZE, i -> chunkName(shape, i));
        code.loadInt(next).op(Opcodes.IRETURN);
        code.end();
    }

    private CodeBuilder method(String name, String descriptor) {
        MethodVisitor method = out.visitMethod(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, name, descriptor, null, null);
        return new CodeBuilder(method, constants);
    }

    /** Calls methods {@code first} to {@code end - 1} as {@code next >> shift} says, and stops at another number. */
    private static void loop(
            CodeBuilder code,
            int next,
            int spill,
            int services,
            int first,
            int end,
            int shift,
            IntFunction<String> names) {
        Label again = new Label();
        Label done = new Label();
        List<Label> cases = new ArrayList<>();
        for (int i = first; i < end; i++) {
            cases.add(new Label());
        }
        code.label(again).loadInt(next).pushInt(shift).op(Opcodes.ISHR).select(first, cases, done);
        for (int i = first; i < end; i++) {
            // The low half of the transfer is the entry; a group takes the whole.
            boolean chunk = shift == Short.SIZE;
            code.label(cases.get(i - first)).loadObject(0).loadInt(next);
            if (chunk) {
                code.op(Opcodes.I2C);
            }
            code.load(Register.R10).loadLong(spill).loadObject(services);
            code.callOwn(names.apply(i), FunctionEmitter.CHUNK).storeInt(next).jump(Opcodes.GOTO, again);
        }
        code.label(done);
    }
}
