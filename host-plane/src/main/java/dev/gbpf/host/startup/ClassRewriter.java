package dev.gbpf.host.startup;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.util.List;

/**
 * Rewrites classes into ones that do the same and that the JVM's ahead-of-time cache (JEP 483) holds whole.
 *
 * <p>Implementation notes. The cache of JDK 25 keeps the call sites of lambdas and of text concatenation, but not those of
 * pattern switches ({@link java.lang.runtime.SwitchBootstraps}) and of {@code equals} and {@code hashCode} of records
 * ({@link java.lang.runtime.ObjectMethods}): each of those makes a class or a chain of method handles when it is first reached,
 * in every process. They become ordinary methods here. The cache also leaves out classes of the versions before 50, which have
 * no stack maps; those get stack maps and a newer version.
 */
final class ClassRewriter {
    /** The first version with stack maps that no verifier may fall back from. */
    private static final int OLDEST_CACHED = ClassFile.JAVA_7_VERSION;

    private final ClassFile classFile;

    /** Takes what is known about classes that stack maps may have to name. */
    ClassRewriter(ClassHierarchyResolver hierarchy) {
        this.classFile = ClassFile.of(
                ClassHierarchyResolverOption.of(hierarchy.orElse(ClassHierarchyResolver.defaultResolver())),
                StackMapsOption.STACK_MAPS_WHEN_REQUIRED);
    }

    /**
     * The class that does the same; the very array where there is nothing to do.
     *
     * @throws IllegalArgumentException when it is no class file, or names a class that is unknown
     */
    byte[] rewrite(byte[] bytes) {
        ClassModel model = classFile.parse(bytes);
        boolean old = model.majorVersion() < OLDEST_CACHED;
        if (!old && model.methods().stream().noneMatch(ClassRewriter::hasSlowCall)) {
            return bytes;
        }
        List<CallSiteLowering> lowerings = List.of(new TypeSwitchLowering(model), new ObjectMethodsLowering(model));
        CodeTransform code = (builder, element) -> {
            if (!lower(lowerings, builder, element)) {
                builder.with(element);
            }
        };
        ClassTransform transform = ClassTransform.transformingMethodBodies(method -> old || hasSlowCall(method), code)
                .andThen(ClassTransform.endHandler(builder -> {
                    lowerings.forEach(lowering -> lowering.addMethods(builder));
                    if (old) {
                        builder.withVersion(OLDEST_CACHED, 0);
                    }
                }));
        return classFile.transformClass(model, transform);
    }

    private static boolean lower(List<CallSiteLowering> lowerings, CodeBuilder builder, CodeElement element) {
        return element instanceof InvokeDynamicInstruction call
                && lowerings.stream().anyMatch(lowering -> lowering.lower(call, builder));
    }

    private static boolean hasSlowCall(MethodModel method) {
        return method.code().isPresent() && method.code().get().elementStream().anyMatch(ClassRewriter::isSlowCall);
    }

    private static boolean isSlowCall(CodeElement element) {
        return element instanceof InvokeDynamicInstruction call
                && (TypeSwitchLowering.handles(call) || ObjectMethodsLowering.handles(call));
    }
}
