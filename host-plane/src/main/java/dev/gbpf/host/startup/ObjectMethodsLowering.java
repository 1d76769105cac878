package dev.gbpf.host.startup;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code equals} and {@code hashCode} of records as {@link java.lang.runtime.ObjectMethods} makes them, with the same hash
 * codes: iteration over a hash table must not depend on whether the class was rewritten.
 */
final class ObjectMethodsLowering extends CallSiteLowering {
    private static final Map<ClassDesc, ClassDesc> BOXES = Map.of(
            CD_boolean,
            ConstantDescs.CD_Boolean,
            ConstantDescs.CD_byte,
            ConstantDescs.CD_Byte,
            ConstantDescs.CD_short,
            ConstantDescs.CD_Short,
            ConstantDescs.CD_char,
            ConstantDescs.CD_Character,
            CD_int,
            ConstantDescs.CD_Integer,
            ConstantDescs.CD_long,
            ConstantDescs.CD_Long,
            CD_float,
            ConstantDescs.CD_Float,
            CD_double,
            ConstantDescs.CD_Double);

    private static final ClassDesc OBJECTS = Objects.class.describeConstable().orElseThrow();
    private static final int HASH_FACTOR = 31;

    ObjectMethodsLowering(ClassModel model) {
        super(model);
    }

    /** Whether a call is of {@code equals} or {@code hashCode}; {@code toString} is rare where time counts. */
    static boolean handles(InvokeDynamicInstruction call) {
        String name = call.name().stringValue();
        return isMadeBy(call, "ObjectMethods", "bootstrap") && (name.equals("equals") || name.equals("hashCode"));
    }

    @Override
    boolean lower(InvokeDynamicInstruction call, CodeBuilder code) {
        if (!handles(call)) {
            return false;
        }
        // The class, the names of its components, and a getter for each.
        List<DirectMethodHandleDesc> getters = call.bootstrapArgs().stream()
                .skip(2)
                .map(DirectMethodHandleDesc.class::cast)
                .toList();
        String name = call.name().stringValue();
        call(code, name, call.typeSymbol(), body -> {
            if (name.equals("equals")) {
                equalTo(body, getters);
            } else {
                hash(body, getters);
            }
        });
        return true;
    }

    private void hash(CodeBuilder code, List<DirectMethodHandleDesc> getters) {
        code.iconst_0();
        for (DirectMethodHandleDesc getter : getters) {
            code.loadConstant(HASH_FACTOR).imul();
            ClassDesc type = get(code, 0, getter);
            if (type.isPrimitive()) {
                code.invokestatic(BOXES.get(type), "hashCode", toInt(type));
            } else {
                code.invokestatic(OBJECTS, "hashCode", toInt(CD_Object));
            }
            code.iadd();
        }
        code.ireturn();
    }

    private void equalTo(CodeBuilder code, List<DirectMethodHandleDesc> getters) {
        Label other = code.newLabel();
        Label different = code.newLabel();
        code.aload(0).aload(1).if_acmpne(other).iconst_1().ireturn().labelBinding(other);
        code.aload(1).instanceOf(owner()).ifeq(different);
        code.aload(1).checkcast(owner()).astore(2);
        for (DirectMethodHandleDesc getter : getters) {
            ClassDesc type = get(code, 0, getter);
            get(code, 2, getter);
            compare(code, type, different);
        }
        code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
    }

    private static void compare(CodeBuilder code, ClassDesc type, Label different) {
        switch (TypeKind.from(type)) {
            case REFERENCE ->
                code.invokestatic(OBJECTS, "equals", MethodTypeDesc.of(CD_boolean, CD_Object, CD_Object))
                        .ifeq(different);
            case LONG -> code.lcmp().ifne(different);
            // Not by the machine's comparison: NaN equals itself here, and the zeros differ.
            case FLOAT, DOUBLE ->
                code.invokestatic(BOXES.get(type), "compare", toInt(type, type)).ifne(different);
            default -> code.if_icmpne(different);
        }
    }

    /** Pushes a component of the record in a variable; the component's type. */
    private ClassDesc get(CodeBuilder code, int variable, DirectMethodHandleDesc getter) {
        ClassDesc type = getter.invocationType().returnType();
        code.aload(variable).getfield(owner(), getter.methodName(), type);
        return type;
    }
}
