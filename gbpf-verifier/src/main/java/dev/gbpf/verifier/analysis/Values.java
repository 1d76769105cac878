package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Mixed;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Thresholds;
import org.jspecify.annotations.Nullable;

/** The lattice of {@link Value}s. */
final class Values {
    private Values() {}

    static boolean includes(Value larger, Value smaller, Identities identities) {
        return switch (larger) {
            case Uninitialised u -> true;
            case Mixed m -> !(smaller instanceof Uninitialised);
            case Numeric l ->
                smaller instanceof Numeric s
                        && l.scalar().includes(s.scalar())
                        && identities.includes(l.identity(), s.identity());
            case MapReference l -> l.equals(smaller);
            case Pointer l ->
                switch (smaller) {
                    case Pointer s ->
                        l.region().equals(s.region())
                                && l.offset().includes(s.offset())
                                && (l.maybeNull() || !s.maybeNull())
                                && identities.includes(l.identity(), s.identity());
                    case Numeric s ->
                        l.maybeNull() && s.scalar().isZero() && identities.includes(l.identity(), s.identity());
                    default -> false;
                };
        };
    }

    /** An upper bound: with {@code thresholds} a widening of {@code a} by {@code b}, without them the join. */
    static Value join(Value a, Value b, Identities identities, @Nullable Thresholds thresholds) {
        if (a instanceof Uninitialised || b instanceof Uninitialised) {
            return Uninitialised.INSTANCE;
        }
        if (a instanceof Numeric x && b instanceof Numeric y) {
            int identity = identities.join(x.identity(), y.identity());
            return x.identity() == identity && x.scalar().includes(y.scalar())
                    ? x
                    : new Numeric(join(x.scalar(), y.scalar(), thresholds), identity);
        }
        if (a instanceof Pointer x && b instanceof Pointer y && x.region().equals(y.region())) {
            int identity = identities.join(x.identity(), y.identity());
            boolean unchanged = x.identity() == identity
                    && (x.maybeNull() || !y.maybeNull())
                    && x.offset().includes(y.offset());
            return unchanged
                    ? x
                    : new Pointer(
                            x.region(),
                            join(x.offset(), y.offset(), thresholds),
                            x.maybeNull() || y.maybeNull(),
                            identity);
        }
        if (a instanceof Pointer x && isNullFor(x, b)) {
            return orNull(x, identities.join(x.identity(), identity(b)));
        }
        if (b instanceof Pointer y && isNullFor(y, a)) {
            return orNull(y, identities.join(identity(a), y.identity()));
        }
        return a instanceof MapReference && a.equals(b) ? a : Mixed.INSTANCE;
    }

    /** Only pointers to map values come with a null; for others a 0 beside them is another kind of value. */
    private static boolean isNullFor(Pointer pointer, Value other) {
        return pointer.region() instanceof Region.MapValue
                && other instanceof Numeric number
                && number.scalar().isZero();
    }

    private static Pointer orNull(Pointer pointer, int identity) {
        return new Pointer(pointer.region(), pointer.offset(), true, identity);
    }

    private static Scalar join(Scalar a, Scalar b, @Nullable Thresholds thresholds) {
        if (a.includes(b)) {
            return a;
        }
        Scalar joined = a.join(b);
        return thresholds == null ? joined : a.widen(joined, thresholds);
    }

    /** A value without identity above {@code now}: the same if it has not grown since {@code before}, else the top of its kind. */
    static Value forget(Value before, Value now) {
        return switch (now) {
            case Numeric n ->
                before instanceof Numeric b && b.scalar().includes(n.scalar())
                        ? Numeric.of(n.scalar())
                        : Numeric.of(Scalar.ANY);
            case Pointer p -> {
                boolean kept = before instanceof Pointer b && b.offset().includes(p.offset());
                yield new Pointer(p.region(), kept ? p.offset() : Scalar.ANY, p.maybeNull(), 0);
            }
            case MapReference m -> m;
            case Mixed m -> m;
            case Uninitialised u -> u;
        };
    }

    /** Equality, quick for the same object: most values are passed on unchanged. */
    @SuppressWarnings("ReferenceEquality") // only to answer sooner
    static boolean same(Value a, Value b) {
        return a == b || a.equals(b);
    }

    /** The identity of a value, or 0. */
    static int identity(Value value) {
        return switch (value) {
            case Numeric n -> n.identity();
            case Pointer p -> p.identity();
            case MapReference m -> 0;
            case Mixed m -> 0;
            case Uninitialised u -> 0;
        };
    }

    /** The same value with an identity; kinds that have none stay as they are. */
    static Value withIdentity(Value value, int identity) {
        return switch (value) {
            case Numeric n -> n.identity() == identity ? n : new Numeric(n.scalar(), identity);
            case Pointer p ->
                p.identity() == identity ? p : new Pointer(p.region(), p.offset(), p.maybeNull(), identity);
            case MapReference m -> m;
            case Mixed m -> m;
            case Uninitialised u -> u;
        };
    }
}
