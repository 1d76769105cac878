package dev.gbpf.host.jit;

import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.host.vm.CallFrames;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** One method under construction: registers as local variables, constants, memory accesses and branches. */
final class CodeBuilder {
    /*
     * All registers of a method are set before its first label, and the operand stack is empty at every label. So all frames
     * of the method are the same, and none has to be computed.
     */

    /** The low half of a register. */
    static final long LOW32 = 0xFFFF_FFFFL;

    /** Highest bits that are clear in every address. */
    static final int ADDRESS_SHIFT = 2;

    private static final String HANDLES = Type.getInternalName(MemoryHandles.class);
    private static final String SEGMENT = Type.getDescriptor(MemorySegment.class);
    private static final String HANDLE = Type.getDescriptor(VarHandle.class);
    private static final String HANDLE_CLASS = Type.getInternalName(VarHandle.class);
    private static final String NATIVE_MEMORY = Type.getInternalName(NativeMemory.class);
    /** More than any instruction's code needs. */
    private static final int MAX_STACK = 24;

    private final MethodVisitor out;
    private final Constants constants;
    private final int[] localOf = new int[Register.COUNT];
    private final List<Object> frame = new ArrayList<>();
    private int locals;
    private int most;
    /** Offset of the last label with a frame: there is one frame at most at each offset. */
    private int framed = -1;

    CodeBuilder(MethodVisitor out, Constants constants) {
        this.out = out;
        this.constants = constants;
        Arrays.fill(localOf, -1);
        out.visitCode();
    }

    // ---- local variables

    /** A parameter that is an object. */
    int parameter(String className) {
        frame.add(className);
        return takeLocal(1);
    }

    /** A parameter that is an {@code int}. */
    int intParameter() {
        frame.add(Opcodes.INTEGER);
        return takeLocal(1);
    }

    /** A parameter that is a {@code long}. */
    int longParameter() {
        frame.add(Opcodes.LONG);
        return takeLocal(2);
    }

    /** A parameter that is a register. */
    void parameter(Register register) {
        localOf[register.number()] = longParameter();
    }

    /** A register that begins as zero. */
    void zero(Register register) {
        out.visitInsn(Opcodes.LCONST_0);
        define(register);
    }

    /** A register that begins as what is on the stack. */
    void define(Register register) {
        parameter(register);
        store(register);
    }

    /** An {@code int} variable that begins as zero. */
    int zeroInt() {
        int local = intParameter();
        out.visitInsn(Opcodes.ICONST_0);
        out.visitVarInsn(Opcodes.ISTORE, local);
        return local;
    }

    private int takeLocal(int slots) {
        int local = locals;
        locals += slots;
        most = Math.max(most, locals);
        return local;
    }

    boolean has(Register register) {
        return localOf[register.number()] >= 0;
    }

    /** A variable of 64 bits for use without a label in between; the first or the second. */
    int scratch(int number) {
        most = Math.max(most, locals + 2 * number + 2);
        return locals + 2 * number;
    }

    CodeBuilder load(Register register) {
        return loadLong(localOf[register.number()]);
    }

    CodeBuilder store(Register register) {
        return storeLong(localOf[register.number()]);
    }

    /** The low half of a register, as an {@code int}. */
    CodeBuilder loadLow(Register register) {
        return load(register).op(Opcodes.L2I);
    }

    CodeBuilder loadLong(int local) {
        out.visitVarInsn(Opcodes.LLOAD, local);
        return this;
    }

    CodeBuilder storeLong(int local) {
        out.visitVarInsn(Opcodes.LSTORE, local);
        return this;
    }

    CodeBuilder loadInt(int local) {
        out.visitVarInsn(Opcodes.ILOAD, local);
        return this;
    }

    CodeBuilder storeInt(int local) {
        out.visitVarInsn(Opcodes.ISTORE, local);
        return this;
    }

    CodeBuilder loadObject(int local) {
        out.visitVarInsn(Opcodes.ALOAD, local);
        return this;
    }

    // ---- operations

    CodeBuilder op(int opcode) {
        out.visitInsn(opcode);
        return this;
    }

    CodeBuilder push(long value) {
        constants.push(out, value);
        return this;
    }

    CodeBuilder pushInt(int value) {
        constants.pushInt(out, value);
        return this;
    }

    /** Makes the {@code int} on the stack a register's value, its high half zero. */
    CodeBuilder zeroExtend() {
        return op(Opcodes.I2L).push(LOW32).op(Opcodes.LAND);
    }

    CodeBuilder call(Class<?> owner, String name, String descriptor) {
        int opcode = owner.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
        out.visitMethodInsn(opcode, Type.getInternalName(owner), name, descriptor, owner.isInterface());
        return this;
    }

    CodeBuilder callStatic(Class<?> owner, String name, String descriptor) {
        out.visitMethodInsn(Opcodes.INVOKESTATIC, Type.getInternalName(owner), name, descriptor, false);
        return this;
    }

    /** Calls a method of the class under construction. */
    CodeBuilder callOwn(String name, String descriptor) {
        out.visitMethodInsn(Opcodes.INVOKEVIRTUAL, ClassEmitter.NAME, name, descriptor, false);
        return this;
    }

    /** A field of the object that the method is called on. */
    CodeBuilder field(String name, String descriptor) {
        out.visitVarInsn(Opcodes.ALOAD, 0);
        out.visitFieldInsn(Opcodes.GETFIELD, ClassEmitter.NAME, name, descriptor);
        return this;
    }

    // ---- memory

    /*
     * Each access has a range check, of which HotSpot leaves out what it can prove. No address of user space has one of its
     * two highest bits set; so clearing them changes nothing, and HotSpot sees that the address is in range, and still is
     * after an offset was added.
     */

    /** Says of the value on the stack that it is an address. */
    CodeBuilder knownAddress() {
        return op(Opcodes.ICONST_M1)
                .op(Opcodes.I2L)
                .pushInt(ADDRESS_SHIFT)
                .op(Opcodes.LUSHR)
                .op(Opcodes.LAND);
    }

    /** Pushes the address in a field that holds it shifted left by {@link #ADDRESS_SHIFT}: one instruction of the machine. */
    CodeBuilder addressField(String name) {
        return field(name, "J").pushInt(ADDRESS_SHIFT).op(Opcodes.LUSHR);
    }

    /** Says of {@code r10} that it holds the end of a frame: what is below it is an address too. */
    void knownFrame() {
        load(Register.R10).push(-CallFrames.FRAME_BYTES).op(Opcodes.LADD).knownAddress();
        push(CallFrames.FRAME_BYTES).op(Opcodes.LADD).store(Register.R10);
    }

    /** Begins an access: the address follows, then for a store the value, then {@link #get} or {@link #set}. */
    CodeBuilder access(Width width) {
        out.visitFieldInsn(Opcodes.GETSTATIC, HANDLES, handle(width), HANDLE);
        out.visitFieldInsn(Opcodes.GETSTATIC, HANDLES, "ALL", SEGMENT);
        return this;
    }

    /** {@code base + offset}. */
    CodeBuilder address(Register base, int offset) {
        load(base);
        return offset == 0 ? this : push(offset).op(Opcodes.LADD);
    }

    /** Reads from the address on the stack, and extends what is there to 64 bits. */
    CodeBuilder get(Width width, boolean signExtend) {
        handleCall("get", "(" + SEGMENT + "J)" + type(width));
        return switch (width) {
            case DW -> this;
            case W -> signExtend ? op(Opcodes.I2L) : zeroExtend();
            case H, B ->
                signExtend
                        ? op(Opcodes.I2L)
                        : pushInt((1 << width.bits()) - 1).op(Opcodes.IAND).op(Opcodes.I2L);
        };
    }

    /** Writes the low bits of the 64-bit value on the stack to the address below it. */
    CodeBuilder set(Width width) {
        switch (width) {
            case DW -> {}
            case W -> op(Opcodes.L2I);
            case H -> op(Opcodes.L2I).op(Opcodes.I2S);
            case B -> op(Opcodes.L2I).op(Opcodes.I2B);
        }
        return handleCall("set", "(" + SEGMENT + "J" + type(width) + ")V");
    }

    /** A method of {@link NativeMemory}. */
    CodeBuilder callMemory(String name, String descriptor) {
        out.visitMethodInsn(Opcodes.INVOKESTATIC, NATIVE_MEMORY, name, descriptor, false);
        return this;
    }

    private CodeBuilder handleCall(String name, String descriptor) {
        out.visitMethodInsn(Opcodes.INVOKEVIRTUAL, HANDLE_CLASS, name, descriptor, false);
        return this;
    }

    private static String handle(Width width) {
        return switch (width) {
            case B -> "U8";
            case H -> "U16";
            case W -> "U32";
            case DW -> "U64";
        };
    }

    private static String type(Width width) {
        return switch (width) {
            case B -> "B";
            case H -> "S";
            case W -> "I";
            case DW -> "J";
        };
    }

    // ---- branches

    CodeBuilder jump(int opcode, Label target) {
        out.visitJumpInsn(opcode, target);
        return this;
    }

    /** Places a label, with the frame that all labels have. */
    CodeBuilder label(Label label) {
        out.visitLabel(label);
        if (label.getOffset() == framed) {
            return this;
        }
        framed = label.getOffset();
        out.visitFrame(Opcodes.F_NEW, frame.size(), frame.toArray(), 0, new Object[0]);
        return this;
    }

    /** Jumps to one of the labels by the {@code int} on the stack, which counts from {@code first}. */
    CodeBuilder select(int first, List<Label> labels, Label otherwise) {
        out.visitTableSwitchInsn(first, first + labels.size() - 1, otherwise, labels.toArray(Label[]::new));
        return this;
    }

    /** Says that the code from here on is of the instruction in this slot. */
    void line(int pc) {
        Label label = new Label();
        out.visitLabel(label);
        out.visitLineNumber(Math.min(pc, Short.MAX_VALUE * 2 + 1), label);
    }

    void end() {
        out.visitMaxs(MAX_STACK, most);
        out.visitEnd();
    }
}
