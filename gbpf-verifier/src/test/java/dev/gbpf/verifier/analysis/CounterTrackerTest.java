package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Trackers, which share pages of places, against plain arrays. */
class CounterTrackerTest {
    private static final int FRAME = 1;

    private static @Nullable Progress[] unchanged() {
        @Nullable Progress[] places = new Progress[Places.COUNT];
        Arrays.setAll(places, i -> Progress.unchanged(i, Places.isWide(i)));
        return places;
    }

    private static PlaceChange change(Random random) {
        int frame = random.nextInt(6) == 0 ? 0 : FRAME;
        int place = random.nextInt(Places.COUNT);
        int register = random.nextInt(Places.REGISTERS);
        return switch (random.nextInt(6)) {
            case 0 -> new PlaceChange.Lost(frame, place, Math.min(Places.COUNT - 1, place + random.nextInt(4)));
            case 1 -> new PlaceChange.Copied(frame, register, place, random.nextBoolean());
            case 2 -> new PlaceChange.Copied(frame, place, register, random.nextBoolean());
            case 3 -> new PlaceChange.HighHalfLost(frame, place);
            default -> {
                int least = random.nextInt(5) - 2;
                yield new PlaceChange.Added(frame, register, least, least + random.nextInt(3), random.nextBoolean());
            }
        };
    }

    private static void apply(@Nullable Progress[] places, PlaceChange change) {
        if (change.frame() != FRAME) {
            return;
        }
        switch (change) {
            case PlaceChange.Added a -> {
                Progress old = places[a.register()];
                places[a.register()] = old == null ? null : old.plus(a.least(), a.greatest(), a.is64());
            }
            case PlaceChange.Copied c -> {
                Progress old = places[c.from()];
                places[c.to()] = old == null || c.whole() ? old : old.narrow();
            }
            case PlaceChange.Lost l -> Arrays.fill(places, l.first(), l.last() + 1, null);
            case PlaceChange.HighHalfLost h -> {
                Progress old = places[h.place()];
                places[h.place()] = old == null ? null : old.narrow();
            }
        }
    }

    private static void assertSame(CounterTracker tracker, @Nullable Progress[] places) {
        for (int place = 0; place < Places.COUNT; place++) {
            assertThat(tracker.at(place)).isEqualTo(places[place]);
        }
    }

    @Property(tries = 200)
    void tracker_afterAnyChanges_isThePlainArray(@ForAll long seed) {
        Random random = new Random(seed);
        CounterTracker tracker = CounterTracker.atHeader(FRAME);
        @Nullable Progress[] places = unchanged();
        List<PlaceChange> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            PlaceChange change = change(random);
            changes.add(change);
            CounterTracker before = tracker.copy();
            @Nullable Progress[] placesBefore = places.clone();
            tracker.apply(change);
            apply(places, change);
            assertSame(tracker, places);
            assertSame(before, placesBefore);
            tracker = random.nextBoolean() ? tracker.copy() : tracker;
        }
        CounterTracker again = CounterTracker.atHeader(FRAME);
        changes.forEach(again::apply);
        assertThat(again.isSame(tracker)).isTrue();
    }

    @Property(tries = 200)
    void join_andWhatIsCommon_arePlaceByPlace(@ForAll long seed) {
        Random random = new Random(seed);
        CounterTracker a = CounterTracker.atHeader(FRAME);
        for (int i = 0; i < 5; i++) {
            a.apply(change(random));
        }
        CounterTracker b = a.copy();
        for (int i = 0; i < 5; i++) {
            a.apply(change(random));
            b.apply(change(random));
        }
        CounterTracker joined = a.copy();
        joined.join(b);
        CounterTracker common = a.copy();
        boolean less = common.keepCommon(b);
        assertThat(less).isEqualTo(!common.isSame(a));
        for (int place = 0; place < Places.COUNT; place++) {
            Progress here = a.at(place);
            Progress there = b.at(place);
            assertThat(joined.at(place)).isEqualTo(Progress.join(here, there));
            assertThat(common.at(place)).isEqualTo(here != null && here.equals(there) ? here : null);
        }
        for (Progress counter : joined.counters()) {
            assertThat(counter).isEqualTo(joined.at(counter.root()));
            assertThat(counter.advances()).isTrue();
        }
    }
}
