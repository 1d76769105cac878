package dev.gbpf.host.startup;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Replaces dynamic call sites of one kind by calls of new private methods of their class. */
abstract class CallSiteLowering {
    private final ClassDesc owner;
    private final boolean isInterface;
    private final List<Consumer<ClassBuilder>> methods = new ArrayList<>();

    CallSiteLowering(ClassModel model) {
        this.owner = model.thisClass().asSymbol();
        this.isInterface = (model.flags().flagsMask() & ClassFile.ACC_INTERFACE) != 0;
    }

    /** Writes what replaces a call, and returns true; or false when the call is of another kind. */
    abstract boolean lower(InvokeDynamicInstruction call, CodeBuilder code);

    /** The class that is rewritten. */
    final ClassDesc owner() {
        return owner;
    }

    /** Writes the call of a new static method, whose body is written later. */
    final void call(CodeBuilder code, String prefix, MethodTypeDesc type, Consumer<CodeBuilder> body) {
        String name = prefix + "$" + methods.size();
        methods.add(builder -> builder.withMethodBody(
                name, type, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC, body));
        code.invokestatic(owner, name, type, isInterface);
    }

    /** Adds the methods of all calls so far. */
    final void addMethods(ClassBuilder builder) {
        methods.forEach(method -> method.accept(builder));
    }

    /** Whether a call's target is made by a method of this class of {@code java.lang.runtime}. */
    static boolean isMadeBy(InvokeDynamicInstruction call, String className, String method) {
        return call.bootstrapMethod().owner().equals(ClassDesc.of("java.lang.runtime", className))
                && call.bootstrapMethod().methodName().equals(method);
    }

    /** {@code (Object, int) -> int} and the like. */
    static MethodTypeDesc toInt(ClassDesc... parameters) {
        return MethodTypeDesc.of(ConstantDescs.CD_int, parameters);
    }
}
