package dev.gbpf.host.failsafe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Policies, by the hash of what they do, that must not decide again before an operator says so: they did harm more than once within
 * a short time, so whoever loads them again and again (a script, a supervisor) is the one to stop. Safe for several threads.
 */
public final class Quarantine {
    /** How many policies are remembered, those in quarantine and those that tripped lately each. */
    private static final int CAPACITY = 1_024;

    private final int trips;
    private final long withinNs;
    private final Map<String, Deque<Long>> recent = new LinkedHashMap<>();
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /**
     * A policy in quarantine.
     *
     * @param tag hash of its behaviour, hexadecimal
     * @param policy its name
     * @param sinceNs since when, by the plane's clock
     * @param reason what tripped last
     */
    public record Entry(String tag, String policy, long sinceNs, String reason) {}

    /**
     * Nobody is in quarantine.
     *
     * @param trips so many that blame a policy, at least 1
     * @param withinNs in so short a time, ns
     */
    public Quarantine(int trips, long withinNs) {
        this.trips = trips;
        this.withinNs = withinNs;
    }

    /** A policy tripped by its own fault; the entry when that puts it into quarantine. */
    synchronized Optional<Entry> tripped(String tag, String policy, String reason, long nowNs) {
        Deque<Long> times = recent.remove(tag);
        if (times == null) {
            times = new ArrayDeque<>();
        }
        times.addLast(nowNs);
        while (times.size() > trips || nowNs - times.getFirst() > withinNs) {
            times.removeFirst();
        }
        if (times.size() == trips && entries.size() < CAPACITY) {
            Entry entry = new Entry(tag, policy, nowNs, reason);
            return entries.put(tag, entry) == null ? Optional.of(entry) : Optional.empty();
        }
        recent.put(tag, times);
        if (recent.size() > CAPACITY) {
            recent.remove(recent.keySet().iterator().next());
        }
        return Optional.empty();
    }

    /** A policy that was in quarantine before, and was not released. */
    public synchronized void restore(Entry entry) {
        if (entries.size() < CAPACITY) {
            entries.put(entry.tag(), entry);
        }
    }

    /** Why a policy must not decide, in words. */
    public Optional<String> objection(String tag) {
        Entry entry = entries.get(tag);
        return entry == null
                ? Optional.empty()
                : Optional.of("it is in quarantine: it tripped the failsafe " + trips + " times within "
                        + Durations.text(withinNs) + ", at last by " + entry.reason() + "; gbpf policy release " + tag
                        + " lets it decide again");
    }

    /** All that are in quarantine, the one that came last first. */
    public synchronized List<Entry> entries() {
        List<Entry> all = new ArrayList<>(entries.values());
        all.sort((a, b) -> Long.compare(b.sinceNs(), a.sinceNs()));
        return List.copyOf(all);
    }

    /**
     * An operator lets a policy decide again.
     *
     * @return false when it is not in quarantine
     */
    public synchronized boolean release(String tag) {
        recent.remove(tag);
        return entries.remove(tag) != null;
    }
}
