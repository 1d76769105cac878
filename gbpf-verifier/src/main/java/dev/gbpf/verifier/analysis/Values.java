package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Mixed;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The lattice of {@link Value}s. */
final class Values {
    /** A constant takes part in relations as this symbol, which is 0, plus its value. */
    private static final int ZERO_SYMBOL = -1;

    /** All nulls are equal. */
    private static final int NULL_IDENTITY = -1;

    private Values() {}

    @SuppressWarnings("ReferenceEquality") // only to answer sooner
    static boolean includes(Value larger, Value smaller, RelationInclusion relations) {
        if (larger == smaller && relations.skipsShared()) {
            return true;
        }
        return switch (larger) {
            case Uninitialised u -> true;
            case Mixed m -> !(smaller instanceof Uninitialised);
            case Numeric l ->
                smaller instanceof Numeric s
                        && l.scalar().includes(s.scalar())
                        && relations.symbol(
                                l.symbol(), l.delta(), symbol(s.scalar(), s.symbol()), delta(s.scalar(), s.delta()));
            case MapReference l -> l.equals(smaller);
            case Pointer l ->
                switch (smaller) {
                    case Pointer s ->
                        l.region().equals(s.region())
                                && l.offset().includes(s.offset())
                                && (l.maybeNull() || !s.maybeNull())
                                && relations.identity(l.identity(), s.identity())
                                && relations.symbol(
                                        l.symbol(),
                                        l.delta(),
                                        symbol(s.offset(), s.symbol()),
                                        delta(s.offset(), s.delta()));
                    // What is known of the offset speaks of the pointer only while it is not null.
                    case Numeric s ->
                        l.maybeNull() && s.scalar().isZero() && relations.identity(l.identity(), NULL_IDENTITY);
                    default -> false;
                };
        };
    }

    /** An upper bound: with {@code thresholds} a widening of {@code a} by {@code b}, without them the join. */
    @SuppressWarnings("ReferenceEquality") // a shared value is its own join: see RelationJoin
    static Value join(Value a, Value b, RelationJoin relations, @Nullable Thresholds thresholds) {
        if (a == b) {
            return a;
        }
        if (a instanceof Uninitialised || b instanceof Uninitialised) {
            return Uninitialised.INSTANCE;
        }
        if (a instanceof Numeric x && b instanceof Numeric y) {
            return numbers(x, y, relations, thresholds);
        }
        if (a instanceof Pointer x && b instanceof Pointer y && x.region().equals(y.region())) {
            return pointers(x, y, relations, thresholds);
        }
        if (a instanceof Pointer x && isNullFor(x, b)) {
            return orNull(x, relations.identity(x.identity(), NULL_IDENTITY));
        }
        if (b instanceof Pointer y && isNullFor(y, a)) {
            return orNull(y, relations.identity(NULL_IDENTITY, y.identity()));
        }
        return a instanceof MapReference && a.equals(b) ? a : Mixed.INSTANCE;
    }

    @SuppressWarnings("ReferenceEquality") // a join that is the first value is that object
    private static Value numbers(Numeric x, Numeric y, RelationJoin relations, @Nullable Thresholds thresholds) {
        boolean alone = (x.symbol() == 0 && same(x, y))
                || (x.scalar().isConstant() && x.scalar().equals(y.scalar()));
        if (alone) {
            return x;
        }
        int symbol = relations.symbol(
                symbol(x.scalar(), x.symbol()),
                delta(x.scalar(), x.delta()),
                symbol(y.scalar(), y.symbol()),
                delta(y.scalar(), y.delta()));
        Scalar joined = join(x.scalar(), y.scalar(), thresholds);
        return x.symbol() == symbol && joined == x.scalar()
                ? x
                : new Numeric(joined, symbol, delta(x.scalar(), x.delta()));
    }

    @SuppressWarnings("ReferenceEquality") // a join that is the first offset is that object
    private static Value pointers(Pointer x, Pointer y, RelationJoin relations, @Nullable Thresholds thresholds) {
        int identity = relations.identity(x.identity(), y.identity());
        int symbol = x.offset().isConstant() && x.offset().equals(y.offset())
                ? 0
                : relations.symbol(
                        symbol(x.offset(), x.symbol()),
                        delta(x.offset(), x.delta()),
                        symbol(y.offset(), y.symbol()),
                        delta(y.offset(), y.delta()));
        boolean related = x.identity() == identity && x.symbol() == symbol;
        Scalar offset = join(x.offset(), y.offset(), thresholds);
        return related && (x.maybeNull() || !y.maybeNull()) && offset == x.offset()
                ? x
                : new Pointer(
                        x.region(),
                        offset,
                        x.maybeNull() || y.maybeNull(),
                        identity,
                        symbol,
                        delta(x.offset(), x.delta()));
    }

    private static int symbol(Scalar scalar, int symbol) {
        return scalar.isConstant() ? ZERO_SYMBOL : symbol;
    }

    private static long delta(Scalar scalar, long delta) {
        return scalar.isConstant() ? scalar.wide().umin() : delta;
    }

    /** Only pointers to map values and records come with a null; for others a 0 beside them is another kind of value. */
    private static boolean isNullFor(Pointer pointer, Value other) {
        return (pointer.region() instanceof Region.MapValue || pointer.region() instanceof Region.ReservedRecord)
                && other instanceof Numeric number
                && number.scalar().isZero();
    }

    private static Pointer orNull(Pointer pointer, int identity) {
        return new Pointer(pointer.region(), pointer.offset(), true, identity, 0, 0);
    }

    /** {@code a} itself where it holds {@code b}. */
    private static Scalar join(Scalar a, Scalar b, @Nullable Thresholds thresholds) {
        return thresholds == null ? a.join(b) : a.includes(b) ? a : a.widen(b, thresholds);
    }

    /** 0 for what is the same, 1 for another range, {@link EbpfState#OTHER_SHAPE} for another kind. */
    static int distance(Value a, Value b) {
        return switch (a) {
            case Numeric x when b instanceof Numeric y -> x.scalar().equals(y.scalar()) ? 0 : 1;
            case Pointer x
            when b instanceof Pointer y && x.region().equals(y.region()) && x.maybeNull() == y.maybeNull() ->
                x.offset().equals(y.offset()) ? 0 : 1;
            default -> a.equals(b) ? 0 : EbpfState.OTHER_SHAPE;
        };
    }

    /** A value without relations above {@code now}: the same if it has not grown since {@code before}, else the top of its kind. */
    static Value forget(Value before, Value now) {
        return switch (now) {
            case Numeric n ->
                before instanceof Numeric b && b.scalar().includes(n.scalar())
                        ? Numeric.of(n.scalar())
                        : Numeric.of(Scalar.ANY);
            case Pointer p -> {
                boolean kept = before instanceof Pointer b && b.offset().includes(p.offset());
                yield new Pointer(p.region(), kept ? p.offset() : Scalar.ANY, p.maybeNull(), 0, 0, 0);
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

    /** The same value as well related to others as it can be: with an identity or a symbol made by {@code fresh} where it has none. */
    static Value related(Value value, IntSupplier fresh) {
        return switch (value) {
            case Numeric n
            when n.symbol() == 0 && !n.scalar().isConstant() -> new Numeric(n.scalar(), fresh.getAsInt(), 0);
            case Pointer p
            when (p.maybeNull() && p.identity() == 0)
                    || (p.symbol() == 0 && !p.offset().isConstant()) ->
                new Pointer(
                        p.region(),
                        p.offset(),
                        p.maybeNull(),
                        p.maybeNull() && p.identity() == 0 ? fresh.getAsInt() : p.identity(),
                        p.symbol() == 0 && !p.offset().isConstant() ? fresh.getAsInt() : p.symbol(),
                        p.delta());
            default -> value;
        };
    }

    /** Whether a value is of the relation that a symbol, not 0, names. */
    static boolean hasSymbol(Value value, int symbol) {
        return value instanceof Numeric n ? n.symbol() == symbol : value instanceof Pointer p && p.symbol() == symbol;
    }

    /** The same value without relations to others. */
    static Value unrelated(Value value) {
        return switch (value) {
            case Numeric n -> n.symbol() == 0 ? n : Numeric.of(n.scalar());
            case Pointer p ->
                p.symbol() == 0 && p.identity() == 0 ? p : new Pointer(p.region(), p.offset(), p.maybeNull(), 0, 0, 0);
            default -> value;
        };
    }

    /**
     * The value when it is known that {@code symbol + delta} is {@code now}: a number or an offset of that symbol is {@code now} plus
     * the difference of their deltas.
     *
     * @return null when it cannot be that
     */
    static @Nullable Value refined(Value value, int symbol, long delta, Scalar now) {
        return switch (value) {
            case Numeric n
            when n.symbol() == symbol -> {
                Scalar met = n.scalar().meet(plus(now, n.delta() - delta));
                yield met == null ? null : met.equals(n.scalar()) ? n : new Numeric(met, symbol, n.delta());
            }
            case Pointer p
            when p.symbol() == symbol -> {
                Scalar met = p.offset().meet(plus(now, p.delta() - delta));
                if (met == null) {
                    yield p.maybeNull() ? Numeric.of(Scalar.constant(0)) : null;
                }
                yield met.equals(p.offset())
                        ? p
                        : new Pointer(p.region(), met, p.maybeNull(), p.identity(), symbol, p.delta());
            }
            default -> value;
        };
    }

    /** A number and a constant, modulo 2^64. */
    static Scalar plus(Scalar number, long constant) {
        return constant == 0 ? number : sum(number, Scalar.constant(constant));
    }

    /** Two numbers, modulo 2^64. */
    static Scalar sum(Scalar a, Scalar b) {
        return ScalarArithmetic.wide(BinaryOperation.ADD, a, b);
    }
}
