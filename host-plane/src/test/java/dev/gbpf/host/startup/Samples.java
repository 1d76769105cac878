package dev.gbpf.host.startup;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Classes to rewrite: one of each shape that javac translates by a dynamic call. Their names begin alike. */
final class Samples {
    private Samples() {}

    sealed interface Shape {
        /** A pattern switch in an interface. */
        default String word() {
            return switch (this) {
                case Circle _ -> "circle";
                case Box _ -> "box";
                case Pair _ -> "pair";
            };
        }
    }

    record Circle(int radius) implements Shape {}

    record Box(int width, int height) implements Shape {}

    record Pair(Shape left, Shape right) implements Shape {}

    record Nothing() {}

    record Everything(
            boolean a,
            byte b,
            short c,
            char d,
            int e,
            long f,
            float g,
            double h,
            @Nullable String i,
            List<Shape> j) {}

    /** Every way to switch over a shape. */
    static final class Switches implements Function<@Nullable Object, String> {
        @Override
        public String apply(@Nullable Object value) {
            return switch (value) {
                case null -> "null";
                // Guards make the switch go on after a label that matched.
                case Circle circle when circle.radius() > 100 -> "large circle";
                case Circle(int radius) when radius > 10 -> "circle " + radius;
                case Circle _ -> "small circle";
                case Pair(Circle(int radius), Shape right) when radius == 1 -> "one and " + apply(right);
                case Pair(Shape left, Shape right) -> apply(left) + ", " + apply(right);
                case Shape shape -> shape.word();
                case String text -> "text " + text;
                case int[] numbers -> "array of " + numbers.length;
                default -> "other";
            };
        }
    }

    /** Switches that stay: over a component that is no object. */
    static final class Primitives implements ToIntFunction<Object> {
        @Override
        public int applyAsInt(Object value) {
            return switch (value) {
                case Circle(int radius) when radius > 100 -> 2;
                case Circle(int radius) when radius > 10 -> 1;
                case Integer number -> number;
                default -> -1;
            };
        }
    }
}
