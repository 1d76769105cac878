package dev.gbpf.host.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ClassRewriterTest {
    private static final ClassRewriter REWRITER =
            new ClassRewriter(ClassHierarchyResolver.ofResourceParsing(ClassRewriterTest.class.getClassLoader()));

    /** Loads the samples rewritten, and everything else as it is. */
    private static final class RewritingLoader extends ClassLoader {
        RewritingLoader() {
            super(ClassRewriterTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && name.startsWith(Samples.class.getName())) {
                    byte[] bytes = REWRITER.rewrite(bytes(name));
                    return defineClass(name, bytes, 0, bytes.length);
                }
                return loaded != null ? loaded : super.loadClass(name, resolve);
            }
        }
    }

    private final ClassLoader rewritten = new RewritingLoader();

    private static byte[] bytes(String className) {
        try (InputStream in = Objects.requireNonNull(
                ClassRewriterTest.class.getResourceAsStream("/" + className.replace('.', '/') + ".class"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> slowCalls(byte[] bytes) {
        return ClassFile.of().parse(bytes).methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(InvokeDynamicInstruction.class::isInstance)
                .map(InvokeDynamicInstruction.class::cast)
                .filter(call -> call.bootstrapMethod().owner().packageName().equals("java.lang.runtime"))
                .map(call -> call.name().stringValue())
                .toList();
    }

    private Object make(Class<?> type, @Nullable Object... arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = rewritten.loadClass(type.getName()).getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(arguments);
    }

    @Test
    void rewrite_leavesNoSlowCallButToString() {
        assertThat(slowCalls(bytes(Samples.Switches.class.getName()))).isNotEmpty();
        assertThat(slowCalls(REWRITER.rewrite(bytes(Samples.Switches.class.getName()))))
                .isEmpty();
        assertThat(slowCalls(REWRITER.rewrite(bytes(Samples.Everything.class.getName()))))
                .containsExactly("toString");
    }

    @Test
    void rewrite_ofWhatIsRewritten_changesNothing() {
        byte[] once = REWRITER.rewrite(bytes(Samples.Switches.class.getName()));
        assertThat(REWRITER.rewrite(once)).isSameAs(once);
    }

    @Test
    void rewrite_ofAClassWithoutSuchCalls_changesNothing() {
        byte[] bytes = bytes(CallSiteLowering.class.getName());
        assertThat(REWRITER.rewrite(bytes)).isSameAs(bytes);
    }

    @Test
    @SuppressWarnings("unchecked")
    void switches_answerAsBefore() throws ReflectiveOperationException {
        Function<@Nullable Object, String> before = new Samples.Switches();
        Function<@Nullable Object, String> after = (Function<@Nullable Object, String>) make(Samples.Switches.class);
        for (@Nullable Object value : Arrays.asList(null, "word", 7, new int[3], List.of())) {
            assertThat(after.apply(value)).isEqualTo(before.apply(value));
        }
        for (int radius : new int[] {1, 10, 11, 100, 101}) {
            Object circle = make(Samples.Circle.class, radius);
            Samples.Circle same = new Samples.Circle(radius);
            assertThat(after.apply(circle)).isEqualTo(before.apply(same));
            Object box = make(Samples.Box.class, 1, 2);
            assertThat(after.apply(make(Samples.Pair.class, circle, box)))
                    .isEqualTo(before.apply(new Samples.Pair(same, new Samples.Box(1, 2))));
            assertThat(after.apply(make(Samples.Pair.class, box, circle)))
                    .isEqualTo(before.apply(new Samples.Pair(new Samples.Box(1, 2), same)));
        }
    }

    @Provide
    Arbitrary<Object[]> components() {
        // Few values of each, so that many pairs are equal.
        Arbitrary<Float> floats = Arbitraries.of(0.0f, -0.0f, Float.NaN, 1.5f);
        Arbitrary<Double> doubles = Arbitraries.of(0.0, -0.0, Double.NaN, 1.5);
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.of((byte) 1, (byte) -1),
                        Arbitraries.of('a', 'b'),
                        Arbitraries.of(1L, 1L << 32),
                        floats,
                        doubles,
                        Arbitraries.of("x", "y").injectNull(0.3))
                .as((a, b, c, d, e, f, g) ->
                        new Object[] {a, b, (short) 3, c, 4, d, e, f, g, List.of(new Samples.Circle(1))});
    }

    @Property(tries = 200)
    void records_compareAndHashAsBefore(
            @ForAll("components") Object[] first, @ForAll("components") Object[] second, @ForAll boolean same)
            throws ReflectiveOperationException {
        Object[] other = same ? first : second;
        Constructor<?> plain = Samples.Everything.class.getDeclaredConstructors()[0];
        Object before = plain.newInstance(first);
        Object after = make(Samples.Everything.class, first);
        assertThat(after.hashCode()).isEqualTo(before.hashCode());
        assertThat(after.equals(make(Samples.Everything.class, other)))
                .isEqualTo(before.equals(plain.newInstance(other)));
    }

    @Test
    void records_areEqualToThemselvesAloneAmongOtherThings() throws ReflectiveOperationException {
        Object circle = make(Samples.Circle.class, 1);
        assertThat(circle.equals(circle)).isTrue();
        assertThat(circle.equals(null)).isFalse();
        assertThat(circle.equals("circle")).isFalse();
        assertThat(circle.equals(new Samples.Circle(1))).isFalse();
        assertThat(make(Samples.Nothing.class))
                .isEqualTo(make(Samples.Nothing.class))
                .hasSameHashCodeAs(0);
    }

    @Test
    void switchesOverPrimitives_stayAndAnswerAsBefore() throws ReflectiveOperationException {
        @SuppressWarnings("unchecked")
        ToIntFunction<Object> after = (ToIntFunction<Object>) make(Samples.Primitives.class);
        ToIntFunction<Object> before = new Samples.Primitives();
        assertThat(slowCalls(REWRITER.rewrite(bytes(Samples.Primitives.class.getName()))))
                .containsExactly("typeSwitch");
        for (int radius : new int[] {1, 11, 101}) {
            assertThat(after.applyAsInt(make(Samples.Circle.class, radius)))
                    .isEqualTo(before.applyAsInt(new Samples.Circle(radius)));
        }
        assertThat(after.applyAsInt(5)).isEqualTo(5);
        assertThat(after.applyAsInt("")).isEqualTo(-1);
    }

    @Test
    void oldClasses_getStackMapsThatVerify() {
        ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(CommandLine.class.getClassLoader());
        ClassFile verifier = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        List<ClassModel> checked = new ArrayList<>();
        for (Class<?> type : CommandLine.class.getDeclaredClasses()) {
            ClassModel before = ClassFile.of().parse(bytes(type.getName()));
            ClassModel after = ClassFile.of().parse(REWRITER.rewrite(bytes(type.getName())));
            assertThat(before.majorVersion()).isLessThan(ClassFile.JAVA_6_VERSION);
            assertThat(after.majorVersion()).isEqualTo(ClassFile.JAVA_7_VERSION);
            assertThat(verifier.verify(after)).isEmpty();
            checked.add(after);
        }
        assertThat(checked).hasSizeGreaterThan(50);
    }
}
