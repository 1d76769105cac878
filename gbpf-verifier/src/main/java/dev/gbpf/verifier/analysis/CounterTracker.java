package dev.gbpf.verifier.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows how each place of one frame has changed since the current iteration of a loop began: an abstract interpretation
 * beside the main one, of the {@link PlaceChange}s that its states tell.
 */
final class CounterTracker {
    private static final Progress[] UNCHANGED = new Progress[Places.COUNT];

    static {
        for (int i = 0; i < UNCHANGED.length; i++) {
            UNCHANGED[i] = Progress.unchanged(i, Places.isWide(i));
        }
    }

    /** Places come in pages, which trackers share until they write to them; most loops leave most of the frame alone. */
    private static final int PAGE = 8;

    private static final int PAGES = (Places.COUNT + PAGE - 1) / PAGE;

    private final int frame;
    /** A page that is null is as the iteration began. */
    private final @Nullable Progress[] @Nullable [] pages;
    /** By page: whether no other tracker has it. */
    private int owned;

    private CounterTracker(int frame, @Nullable Progress[] @Nullable [] pages) {
        this.frame = frame;
        this.pages = pages;
    }

    /** At the start of an iteration: every place holds what it holds. */
    static CounterTracker atHeader(int frame) {
        return new CounterTracker(frame, new Progress[PAGES][]);
    }

    CounterTracker copy() {
        owned = 0;
        return new CounterTracker(frame, pages.clone());
    }

    /** The relation of a place to the start of the iteration, or null when there is none. */
    @Nullable
    Progress at(int place) {
        @Nullable Progress[] page = pages[place / PAGE];
        return page == null ? UNCHANGED[place] : page[place % PAGE];
    }

    private void set(int place, @Nullable Progress progress) {
        int number = place / PAGE;
        @Nullable Progress[] page = pages[number];
        if ((owned >>> number & 1) == 0) {
            int first = number * PAGE;
            page = page == null ? Arrays.copyOfRange(UNCHANGED, first, first + PAGE) : page.clone();
            pages[number] = page;
            owned |= 1 << number;
        }
        if (page != null) {
            page[place % PAGE] = progress;
        }
    }

    /** The places that each iteration moves in one direction, in their order, if this is where it is over. */
    List<Progress> counters() {
        List<Progress> counters = new ArrayList<>();
        for (int place = 0; place < Places.COUNT; place++) {
            if (pages[place / PAGE] == null) {
                place |= PAGE - 1;
                continue;
            }
            Progress progress = at(place);
            if (progress != null && progress.root() == place && progress.advances()) {
                counters.add(progress);
            }
        }
        return counters;
    }

    /** Keeps what holds here and there. */
    void join(CounterTracker other) {
        for (int place = nextDifference(other, 0); place < Places.COUNT; place = nextDifference(other, place + 1)) {
            set(place, Progress.join(at(place), other.at(place)));
        }
    }

    /** Whether the same is known of each place here and there. */
    boolean isSame(CounterTracker other) {
        return nextDifference(other, 0) == Places.COUNT;
    }

    /** Keeps what is the same here and there; whether that is less than it was here. */
    boolean keepCommon(CounterTracker other) {
        boolean less = false;
        for (int place = nextDifference(other, 0); place < Places.COUNT; place = nextDifference(other, place + 1)) {
            if (at(place) != null) {
                set(place, null);
                less = true;
            }
        }
        return less;
    }

    /** The first place from one on of which something else is known in another tracker; the count of places when there is none. */
    @SuppressWarnings("ReferenceEquality") // pages that trackers share are known by their identity
    private int nextDifference(CounterTracker other, int from) {
        int place = from;
        while (place < Places.COUNT) {
            if (pages[place / PAGE] == other.pages[place / PAGE]) {
                place = (place | (PAGE - 1)) + 1;
            } else {
                Progress own = at(place);
                Progress others = other.at(place);
                if (own == null ? others != null : !own.equals(others)) {
                    return place;
                }
                place++;
            }
        }
        return Places.COUNT;
    }

    /** Follows a change. */
    void apply(PlaceChange change) {
        if (change.frame() != frame && change.frame() != PlaceChange.ANY_FRAME) {
            return;
        }
        switch (change) {
            case PlaceChange.Added a -> {
                Progress old = at(a.register());
                set(a.register(), old == null ? null : old.plus(a.least(), a.greatest(), a.is64()));
            }
            case PlaceChange.Copied c -> {
                Progress source = at(c.from());
                set(c.to(), source == null || c.whole() ? source : source.narrow());
            }
            case PlaceChange.Lost l -> {
                for (int place = l.first(); place <= l.last(); place++) {
                    if (at(place) != null) {
                        set(place, null);
                    }
                }
            }
            case PlaceChange.HighHalfLost h -> {
                Progress low = at(h.place());
                set(h.place(), low == null ? null : low.narrow());
            }
        }
    }
}
