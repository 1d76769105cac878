package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.verifier.analysis.Value.MapReference;
import dev.gbpf.verifier.analysis.Value.Mixed;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The lattice of values, against the sets of concrete values that they stand for; and the relations that it carries along. */
class ValuesTest {
    private static final Region STACK = new Region.Stack(0);
    private static final Region VALUE = new Region.MapValue(2, "m", 16, false, false);
    private static final Region RECORD = new Region.ReservedRecord(1, "ring", 8, 4);
    private static final Thresholds NONE = Thresholds.NONE;

    private static Numeric number(long min, long max) {
        return Numeric.of(Scalar.unsigned(min, max));
    }

    private static Numeric number(long min, long max, int symbol, long delta) {
        return new Numeric(Scalar.unsigned(min, max), symbol, delta);
    }

    private static Pointer pointer(Region region, long min, long max, boolean maybeNull) {
        return new Pointer(region, Scalar.unsigned(min, max), maybeNull, 0, 0, 0);
    }

    private static List<Value> all() {
        List<Value> values = new ArrayList<>(
                List.of(Uninitialised.INSTANCE, Mixed.INSTANCE, new MapReference(0), new MapReference(1)));
        for (long min = 0; min < 3; min++) {
            for (long max = min; max < 3; max++) {
                values.add(number(min, max));
                values.add(pointer(STACK, min, max, false));
                values.add(pointer(VALUE, min, max, false));
                values.add(pointer(VALUE, min, max, true));
                values.add(pointer(RECORD, min, max, false));
                values.add(pointer(RECORD, min, max, true));
            }
        }
        return values;
    }

    /** The concrete values that one stands for, of numbers 0 to 2, pointers at such offsets, two maps, and nothing. */
    private static Set<String> members(Value value) {
        Set<String> members = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            switch (value) {
                case Uninitialised u ->
                    members.addAll(List.of(
                            "nothing", "map 0", "map 1", "n" + i, STACK + "+" + i, VALUE + "+" + i, RECORD + "+" + i));
                case Mixed m ->
                    members.addAll(
                            List.of("map 0", "map 1", "n" + i, STACK + "+" + i, VALUE + "+" + i, RECORD + "+" + i));
                case MapReference m -> members.add("map " + m.map());
                case Numeric n -> add(members, n.scalar(), i, "n");
                case Pointer p -> {
                    add(members, p.offset(), i, p.region() + "+");
                    if (p.maybeNull()) {
                        members.add("n0");
                    }
                }
            }
        }
        return members;
    }

    private static void add(Set<String> members, Scalar scalar, int i, String kind) {
        if (scalar.contains(i)) {
            members.add(kind + i);
        }
    }

    @Test
    void inclusion_ofAllPairs_isThatOfTheSets() {
        for (Value a : all()) {
            for (Value b : all()) {
                assertThat(includes(a, b))
                        .as("%s includes %s", a, b)
                        .isEqualTo(members(a).containsAll(members(b)));
            }
        }
    }

    @Test
    void join_ofAllPairs_isTheLeastValueAboveBoth() {
        for (Value a : all()) {
            for (Value b : all()) {
                Value joined = Values.join(a, b, new RelationJoin().begin(0), null);
                assertThat(includes(joined, a) && includes(joined, b))
                        .as("%s joined with %s is %s", a, b, joined)
                        .isTrue();
                for (Value other : all()) {
                    boolean isAbove = includes(other, a) && includes(other, b);
                    assertThat(!isAbove || includes(other, joined))
                            .as("%s joined with %s is %s, %s is less", a, b, joined, other)
                            .isTrue();
                }
                assertThat(Values.same(joined, a)).isEqualTo(includes(a, b));
            }
        }
    }

    @Test
    void widening_ofAllPairs_isAboveBothAndGivesUpRanges() {
        for (Value a : all()) {
            for (Value b : all()) {
                Value widened = Values.join(a, b, new RelationJoin().begin(0), NONE);
                Value joined = Values.join(a, b, new RelationJoin().begin(0), null);
                assertThat(includes(widened, joined)).isTrue();
                assertThat(widened.getClass()).isEqualTo(joined.getClass());
                if (widened instanceof Numeric n && !includes(a, b)) {
                    assertThat(n.scalar()).isEqualTo(Scalar.ANY);
                }
                if (widened instanceof Pointer p && a instanceof Pointer x && b instanceof Pointer y) {
                    assertThat(p.offset()).isEqualTo(x.offset().includes(y.offset()) ? x.offset() : Scalar.ANY);
                }
            }
        }
    }

    private static boolean includes(Value larger, Value smaller) {
        return Values.includes(larger, smaller, new RelationInclusion().begin(0, true));
    }

    @Test
    void sharedValue_isIncludedWithoutALookOnlyWhereThatIsAllowed() {
        Numeric shared = number(0, 2, 5, 0);
        RelationInclusion all = new RelationInclusion().begin(9, true);
        assertThat(Values.includes(number(0, 9, 5, 0), number(0, 2, 6, 0), all)).isTrue();
        assertThat(Values.includes(shared, shared, all))
                .as("5 stands for 6 already")
                .isFalse();
        RelationInclusion quick = new RelationInclusion().begin(9, false);
        assertThat(Values.includes(number(0, 9, 5, 0), number(0, 2, 6, 0), quick))
                .isTrue();
        assertThat(Values.includes(shared, shared, quick)).isTrue();
        assertThat(quick.isUndecided()).isTrue();
    }

    @Test
    void inclusion_ofNumbers_needsTheirRelation() {
        RelationInclusion relations = new RelationInclusion().begin(9, true);
        assertThat(Values.includes(number(0, 9, 5, 0), number(3, 3), relations)).isTrue();
        assertThat(Values.includes(number(0, 9, 5, 1), number(4, 4), relations))
                .as("1 apart")
                .isTrue();
        assertThat(Values.includes(number(0, 9, 5, 1), number(5, 5), relations))
                .as("2 apart")
                .isFalse();
        RelationInclusion others = new RelationInclusion().begin(9, true);
        assertThat(Values.includes(number(0, 9, 5, 0), number(3, 4, 7, 2), others))
                .isTrue();
        assertThat(Values.includes(number(0, 9, 5, 4), number(3, 4, 7, 6), others))
                .isTrue();
        assertThat(Values.includes(number(0, 9, 5, 4), number(3, 4, 7, 5), others))
                .isFalse();
        assertThat(Values.includes(number(0, 9, 5, 4), number(3, 4), others))
                .as("related to none")
                .isFalse();
    }

    @Test
    void inclusion_ofPointers_needsTheirRelationAndIdentity() {
        Pointer larger = new Pointer(VALUE, Scalar.unsigned(0, 9), true, 3, 5, 0);
        RelationInclusion relations = new RelationInclusion().begin(9, true);
        assertThat(Values.includes(larger, new Pointer(VALUE, Scalar.unsigned(0, 4), true, 4, 6, 1), relations))
                .isTrue();
        assertThat(Values.includes(larger, new Pointer(VALUE, Scalar.unsigned(0, 4), true, 4, 6, 2), relations))
                .isFalse();
        assertThat(Values.includes(larger, new Pointer(VALUE, Scalar.unsigned(0, 4), true, 7, 6, 1), relations))
                .isFalse();
        assertThat(Values.includes(larger, number(0, 0), relations))
                .as("another null")
                .isFalse();
        RelationInclusion nulls = new RelationInclusion().begin(9, true);
        assertThat(Values.includes(larger, number(0, 0), nulls)).isTrue();
        assertThat(Values.includes(larger, number(0, 0), nulls))
                .as("nulls are equal")
                .isTrue();
        assertThat(Values.includes(larger, number(1, 1), nulls)).isFalse();
        assertThat(Values.includes(pointer(VALUE, 0, 9, false), number(0, 0), nulls))
                .isFalse();
    }

    @Test
    void constantOffsets_areRelatedByTheirValues() {
        Pointer larger = new Pointer(VALUE, Scalar.unsigned(0, 9), false, 0, 5, 0);
        RelationInclusion relations = new RelationInclusion().begin(9, true);
        assertThat(Values.includes(larger, pointer(VALUE, 3, 3, false), relations))
                .isTrue();
        assertThat(Values.includes(number(0, 9, 5, 2), number(5, 5), relations)).isTrue();
        assertThat(Values.includes(number(0, 9, 5, 2), number(6, 6), relations)).isFalse();
    }

    @Test
    void join_ofConstants_relatesWhatIsEquallyFarApart() {
        RelationJoin relations = new RelationJoin().begin(9);
        Value first = Values.join(number(1, 1), number(5, 5), relations, null);
        Value second = Values.join(number(3, 3), number(7, 7), relations, null);
        Value third = Values.join(number(3, 3), number(8, 8), relations, null);
        assertThat(first).isEqualTo(new Numeric(Scalar.constant(1).join(Scalar.constant(5)), 10, 1));
        assertThat(second).isEqualTo(new Numeric(Scalar.constant(3).join(Scalar.constant(7)), 10, 3));
        assertThat(third).isEqualTo(new Numeric(Scalar.constant(3).join(Scalar.constant(8)), 11, 3));
    }

    @Test
    void join_ofRelatedNumbers_keepsTheRelationOfBoth() {
        RelationJoin relations = new RelationJoin().begin(9);
        Numeric wide = number(0, 9, 5, 2);
        assertThat(Values.join(wide, number(1, 4, 5, 2), relations, null))
                .as("the same name")
                .isSameAs(wide);
        assertThat(Values.join(wide, number(1, 4, 6, 2), relations, null)).isEqualTo(number(0, 9, 10, 2));
        assertThat(Values.join(wide, number(1, 4), relations, null)).isEqualTo(number(0, 9));
        assertThat(Values.join(number(1, 4), wide, relations, null)).isEqualTo(number(0, 9));
        assertThat(Values.join(number(1, 4), number(1, 4), relations, null)).isEqualTo(number(1, 4));
        assertThat(Values.join(number(1, 4, 5, 2), number(0, 9, 5, 2), relations, null))
                .isEqualTo(wide);
    }

    @Test
    void join_ofPointers_keepsOffsetsIdentitiesAndRelations() {
        RelationJoin relations = new RelationJoin().begin(9);
        Pointer a = new Pointer(VALUE, Scalar.unsigned(0, 9), true, 3, 5, 0);
        assertThat(Values.join(a, new Pointer(VALUE, Scalar.unsigned(0, 4), true, 3, 5, 0), relations, null))
                .isSameAs(a);
        assertThat(Values.join(a, new Pointer(VALUE, Scalar.unsigned(0, 4), false, 3, 5, 0), relations, null))
                .isSameAs(a);
        assertThat(Values.join(a, new Pointer(VALUE, Scalar.unsigned(0, 4), true, 4, 6, 0), relations, null))
                .isEqualTo(new Pointer(VALUE, Scalar.unsigned(0, 9), true, 10, 11, 0));
        assertThat(Values.join(
                        pointer(VALUE, 0, 4, false),
                        new Pointer(VALUE, Scalar.unsigned(0, 9), true, 3, 0, 0),
                        relations,
                        null))
                .isEqualTo(pointer(VALUE, 0, 9, true));
        assertThat(Values.join(pointer(VALUE, 4, 4, false), pointer(VALUE, 4, 4, false), relations, null))
                .isEqualTo(pointer(VALUE, 4, 4, false));
        assertThat(Values.join(pointer(VALUE, 2, 2, false), pointer(VALUE, 4, 4, false), relations, null))
                .isEqualTo(new Pointer(VALUE, Scalar.constant(2).join(Scalar.constant(4)), false, 0, 12, 2));
    }

    @Test
    void join_ofPointerAndNull_mayBeNull() {
        RelationJoin relations = new RelationJoin().begin(9);
        Pointer pointer = new Pointer(VALUE, Scalar.unsigned(0, 9), false, 3, 5, 1);
        Value joined = Values.join(pointer, number(0, 0), relations, null);
        assertThat(joined).isEqualTo(new Pointer(VALUE, Scalar.unsigned(0, 9), true, 10, 0, 0));
        assertThat(Values.join(number(0, 0), pointer, relations, null))
                .isEqualTo(new Pointer(VALUE, Scalar.unsigned(0, 9), true, 11, 0, 0));
        assertThat(Values.join(pointer, number(0, 1), relations, null)).isEqualTo(Mixed.INSTANCE);
    }

    @Test
    void distance_countsRangesAndKinds() {
        assertThat(Values.distance(number(0, 2), number(0, 2))).isZero();
        assertThat(Values.distance(number(0, 2, 5, 0), number(0, 2))).isZero();
        assertThat(Values.distance(number(0, 2), number(0, 1))).isOne();
        assertThat(Values.distance(pointer(VALUE, 0, 2, true), pointer(VALUE, 0, 2, true)))
                .isZero();
        assertThat(Values.distance(pointer(VALUE, 0, 2, true), pointer(VALUE, 0, 1, true)))
                .isOne();
        assertThat(Values.distance(pointer(VALUE, 0, 2, true), pointer(VALUE, 0, 2, false)))
                .isEqualTo(EbpfState.OTHER_SHAPE);
        assertThat(Values.distance(pointer(VALUE, 0, 2, true), pointer(RECORD, 0, 2, true)))
                .isEqualTo(EbpfState.OTHER_SHAPE);
        assertThat(Values.distance(number(0, 0), Mixed.INSTANCE)).isEqualTo(EbpfState.OTHER_SHAPE);
        assertThat(Values.distance(Mixed.INSTANCE, Mixed.INSTANCE)).isZero();
        assertThat(Values.distance(new MapReference(1), new MapReference(2))).isEqualTo(EbpfState.OTHER_SHAPE);
    }

    @Test
    void forget_keepsWhatDidNotGrow() {
        assertThat(Values.forget(number(0, 9), number(0, 4, 5, 1))).isEqualTo(number(0, 4));
        assertThat(Values.forget(number(0, 3), number(0, 4))).isEqualTo(Numeric.of(Scalar.ANY));
        assertThat(Values.forget(Mixed.INSTANCE, number(0, 4))).isEqualTo(Numeric.of(Scalar.ANY));
        Pointer now = new Pointer(VALUE, Scalar.unsigned(0, 4), true, 3, 5, 1);
        assertThat(Values.forget(pointer(VALUE, 0, 9, false), now)).isEqualTo(pointer(VALUE, 0, 4, true));
        assertThat(Values.forget(pointer(VALUE, 0, 3, false), now))
                .isEqualTo(new Pointer(VALUE, Scalar.ANY, true, 0, 0, 0));
        assertThat(Values.forget(number(0, 4), now)).isEqualTo(new Pointer(VALUE, Scalar.ANY, true, 0, 0, 0));
        assertThat(Values.forget(number(0, 4), new MapReference(1))).isEqualTo(new MapReference(1));
        assertThat(Values.forget(number(0, 4), Mixed.INSTANCE)).isEqualTo(Mixed.INSTANCE);
        assertThat(Values.forget(number(0, 4), Uninitialised.INSTANCE)).isEqualTo(Uninitialised.INSTANCE);
    }

    private int next = 20;

    private Value related(Value value) {
        return Values.related(value, () -> next++);
    }

    @Test
    void related_givesNamesOnlyWhereTheySaySomething() {
        assertThat(related(number(0, 4))).isEqualTo(number(0, 4, 20, 0));
        assertThat(related(number(4, 4))).isEqualTo(number(4, 4));
        Numeric named = number(0, 4, 5, 1);
        assertThat(related(named)).isSameAs(named);
        assertThat(related(pointer(VALUE, 4, 4, false))).isEqualTo(pointer(VALUE, 4, 4, false));
        assertThat(related(pointer(VALUE, 4, 4, true)))
                .isEqualTo(new Pointer(VALUE, Scalar.constant(4), true, 21, 0, 0));
        assertThat(related(pointer(VALUE, 0, 4, false)))
                .isEqualTo(new Pointer(VALUE, Scalar.unsigned(0, 4), false, 0, 22, 0));
        assertThat(related(pointer(VALUE, 0, 4, true)))
                .isEqualTo(new Pointer(VALUE, Scalar.unsigned(0, 4), true, 23, 24, 0));
        assertThat(related(new Pointer(VALUE, Scalar.unsigned(0, 4), true, 3, 0, 0)))
                .isEqualTo(new Pointer(VALUE, Scalar.unsigned(0, 4), true, 3, 25, 0));
        assertThat(related(new Pointer(VALUE, Scalar.unsigned(0, 4), true, 0, 5, 7)))
                .isEqualTo(new Pointer(VALUE, Scalar.unsigned(0, 4), true, 26, 5, 7));
        assertThat(related(Mixed.INSTANCE)).isSameAs(Mixed.INSTANCE);
        Pointer whole = new Pointer(VALUE, Scalar.unsigned(0, 4), true, 3, 5, 7);
        assertThat(related(whole)).isSameAs(whole);
    }

    @Test
    void unrelated_takesAllNames() {
        Numeric plain = number(0, 4);
        assertThat(Values.unrelated(plain)).isSameAs(plain);
        assertThat(Values.unrelated(number(0, 4, 5, 1))).isEqualTo(plain);
        Pointer pointer = pointer(VALUE, 0, 4, true);
        assertThat(Values.unrelated(pointer)).isSameAs(pointer);
        assertThat(Values.unrelated(new Pointer(VALUE, Scalar.unsigned(0, 4), true, 3, 0, 0)))
                .isEqualTo(pointer);
        assertThat(Values.unrelated(new Pointer(VALUE, Scalar.unsigned(0, 4), true, 0, 5, 1)))
                .isEqualTo(pointer);
        assertThat(Values.unrelated(Mixed.INSTANCE)).isSameAs(Mixed.INSTANCE);
    }

    private static @Nullable Value refined(Value value) {
        // Symbol 5 plus 2 is known to be 4 to 6, so the symbol is 2 to 4.
        return Values.refined(value, 5, 2, Scalar.unsigned(4, 6));
    }

    @Test
    void refined_meetsWhatIsKnownOfTheSymbol() {
        assertThat(refined(number(0, 9, 5, 1))).isEqualTo(number(3, 5, 5, 1));
        assertThat(refined(number(0, 9, 5, 2))).isEqualTo(number(4, 6, 5, 2));
        assertThat(refined(number(8, 9, 5, 1))).isNull();
        Numeric narrow = number(3, 4, 5, 1);
        assertThat(refined(narrow)).isSameAs(narrow);
        Numeric other = number(0, 9, 6, 1);
        assertThat(refined(other)).isSameAs(other);
        Pointer pointer = new Pointer(VALUE, Scalar.unsigned(0, 9), true, 3, 5, 1);
        assertThat(refined(pointer)).isEqualTo(new Pointer(VALUE, Scalar.unsigned(3, 5), true, 3, 5, 1));
        Pointer within = new Pointer(VALUE, Scalar.unsigned(3, 4), false, 3, 5, 1);
        assertThat(refined(within)).isSameAs(within);
        assertThat(refined(new Pointer(VALUE, Scalar.unsigned(8, 9), true, 3, 5, 1)))
                .isEqualTo(number(0, 0));
        assertThat(refined(new Pointer(VALUE, Scalar.unsigned(8, 9), false, 3, 5, 1)))
                .isNull();
        Pointer unrelated = pointer(VALUE, 0, 9, false);
        assertThat(refined(unrelated)).isSameAs(unrelated);
    }

    @Test
    void sums_areModulo64Bits() {
        Scalar number = Scalar.unsigned(0, 9);
        assertThat(Values.plus(number, 0)).isSameAs(number);
        assertThat(Values.plus(number, 3)).isEqualTo(Scalar.unsigned(3, 12));
        assertThat(Values.plus(number, -1)).isEqualTo(Scalar.signed(-1, 8));
        assertThat(Values.sum(Scalar.constant(-1), Scalar.constant(3))).isEqualTo(Scalar.constant(2));
    }

    @Test
    void sameness_isEquality() {
        assertThat(Values.same(number(0, 4), number(0, 4))).isTrue();
        assertThat(Values.same(number(0, 4), number(0, 5))).isFalse();
    }

    @Test
    void symbols_areThoseOfNumbersAndPointers() {
        assertThat(Values.hasSymbol(number(0, 9, 5, 1), 5)).isTrue();
        assertThat(Values.hasSymbol(number(0, 9, 5, 1), 1)).isFalse();
        assertThat(Values.hasSymbol(new Pointer(VALUE, Scalar.unsigned(0, 4), true, 4, 6, 1), 6))
                .isTrue();
        assertThat(Values.hasSymbol(new Pointer(VALUE, Scalar.unsigned(0, 4), true, 4, 6, 1), 4))
                .as("that is its identity")
                .isFalse();
        assertThat(Values.hasSymbol(new MapReference(5), 5)).isFalse();
        assertThat(Values.hasSymbol(Mixed.INSTANCE, 5)).isFalse();
    }
}
