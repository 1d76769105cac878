package dev.gbpf.host.startup;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Pattern switches over classes: the number of the first label from {@code restart} on that the target is an instance of, -1
 * for null, the number of labels for none ({@link java.lang.runtime.SwitchBootstraps#typeSwitch}).
 */
final class TypeSwitchLowering extends CallSiteLowering {
    TypeSwitchLowering(ClassModel model) {
        super(model);
    }

    /** Whether a call is a switch over classes alone; those with constants among their labels are rare and stay. */
    static boolean handles(InvokeDynamicInstruction call) {
        return isMadeBy(call, "SwitchBootstraps", "typeSwitch")
                && !call.bootstrapArgs().isEmpty()
                && call.bootstrapArgs().stream().allMatch(label -> label instanceof ClassDesc);
    }

    @Override
    boolean lower(InvokeDynamicInstruction call, CodeBuilder code) {
        if (!handles(call)) {
            return false;
        }
        List<ClassDesc> labels =
                call.bootstrapArgs().stream().map(ClassDesc.class::cast).toList();
        call(code, "typeSwitch", toInt(CD_Object, CD_int), body -> write(body, labels));
        return true;
    }

    private static void write(CodeBuilder code, List<ClassDesc> labels) {
        Label notNull = code.newLabel();
        code.aload(0).ifnonnull(notNull).iconst_m1().ireturn().labelBinding(notNull);
        List<Label> tests = new ArrayList<>();
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            tests.add(code.newLabel());
            cases.add(SwitchCase.of(i, tests.get(i)));
        }
        Label none = code.newLabel();
        tests.add(none);
        code.iload(1).tableswitch(0, labels.size() - 1, none, cases);
        for (int i = 0; i < labels.size(); i++) {
            code.labelBinding(tests.get(i)).aload(0).instanceOf(labels.get(i)).ifeq(tests.get(i + 1));
            code.loadConstant(i).ireturn();
        }
        code.labelBinding(none).loadConstant(labels.size()).ireturn();
    }
}
