package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random changes of a store, and what must be in it afterwards: what was acknowledged, and the change under way or not. */
final class RecordWorkload {
    private static final Instant EPOCH = Instant.ofEpochMilli(1_700_000_000_000L);

    private final Random random;
    private final Map<ObjectHash, byte[]> objects = new LinkedHashMap<>();
    private final Map<Long, Activation> activations = new LinkedHashMap<>();
    private final Map<Long, String> dumps = new LinkedHashMap<>();
    private int steps;
    private int acknowledged;

    RecordWorkload(long seed) {
        random = new Random(seed);
    }

    /** Changes that the store acknowledged. */
    int acknowledged() {
        return acknowledged;
    }

    /** One change; when it throws, nothing of it is expected. */
    void step(RecordStore store) {
        steps++;
        Instant now = EPOCH.plusMillis(steps);
        List<Long> open = activations.values().stream()
                .filter(a -> a.outcome().isEmpty())
                .map(Activation::id)
                .toList();
        int choice = random.nextInt(10);
        if (objects.isEmpty() || choice < 3) {
            byte[] object = new byte[random.nextInt(20) == 0 ? 30_000 : 1 + random.nextInt(2_000)];
            random.nextBytes(object);
            ObjectHash hash = hash(steps);
            store.store(hash, name(hash), object, now);
            objects.put(hash, object);
        } else if (open.isEmpty() || choice < 6) {
            List<ObjectHash> hashes = new ArrayList<>(objects.keySet());
            Activation.Start start = new Activation.Start(
                    now,
                    hashes.get(random.nextInt(hashes.size())),
                    "swap",
                    "immediate",
                    "uid " + random.nextInt(9),
                    "");
            long id = store.begin(start);
            activations.put(id, new Activation(id, name(start.hash()), start, Optional.empty()));
        } else if (choice < 8) {
            long id = open.get(random.nextInt(open.size()));
            end(store, id, new Outcome(now, Outcome.Kind.REPLACED, "uid 0", "", random.nextInt()), null);
        } else {
            long id = open.get(random.nextInt(open.size()));
            String dump = "{\"n\":" + "7".repeat(1 + random.nextInt(random.nextInt(10) == 0 ? 40_000 : 400)) + "}";
            end(store, id, new Outcome(now, Outcome.Kind.EJECTED, "plane", "stall", 3), dump);
        }
        acknowledged++;
    }

    private void end(RecordStore store, long id, Outcome outcome, @Nullable String dump) {
        if (dump == null) {
            store.end(id, outcome);
        } else {
            store.end(id, outcome, dump);
            dumps.put(id, dump);
        }
        activations.computeIfPresent(
                id, (_, before) -> new Activation(id, before.policy(), before.start(), Optional.of(outcome)));
    }

    /**
     * Compares, after the store was opened again, and takes over what the change under way did if it is there.
     *
     * @throws AssertionError when an acknowledged change is missing, or something else is there
     */
    void check(RecordStore store) {
        int extra = 0;
        for (StoredPolicy policy : store.policies()) {
            byte[] found = store.object(policy.hash()).orElseThrow();
            byte[] expected = objects.get(policy.hash());
            if (expected == null) {
                extra++;
                objects.put(policy.hash(), found);
            } else if (!Arrays.equals(expected, found)) {
                throw new AssertionError("policy " + policy + " has other bytes");
            }
        }
        if (store.policies().size() != objects.size()) {
            throw new AssertionError("a policy is lost: " + store.policies().size() + " of " + objects.size());
        }
        Map<Long, Activation> found = new LinkedHashMap<>();
        store.activations(Integer.MAX_VALUE).forEach(a -> found.put(a.id(), a));
        for (Activation expected : activations.values()) {
            Activation actual = found.get(expected.id());
            if (actual == null || !actual.start().equals(expected.start())) {
                throw new AssertionError("lost or changed: " + expected + ", found " + actual);
            }
            if (expected.outcome().isPresent() && !expected.outcome().equals(actual.outcome())) {
                throw new AssertionError("another outcome than that of " + expected + ": " + actual);
            }
            if (expected.outcome().isEmpty() && actual.outcome().orElseThrow().kind() != Outcome.Kind.INTERRUPTED) {
                extra++;
            }
        }
        for (Map.Entry<Long, String> dump : dumps.entrySet()) {
            if (!store.report(dump.getKey()).equals(Optional.of(dump.getValue()))) {
                throw new AssertionError("the dump of activation " + dump.getKey() + " is lost or changed");
            }
        }
        extra += found.size() - activations.size();
        if (extra > 1) {
            throw new AssertionError(extra + " changes are there that were not asked for");
        }
        for (Activation activation : found.values()) {
            activations.put(activation.id(), activation);
            store.report(activation.id()).ifPresent(d -> dumps.put(activation.id(), d));
        }
    }

    private static String name(ObjectHash hash) {
        return "policy " + hash.tag();
    }

    static ObjectHash hash(int n) {
        byte[] bytes = new byte[32];
        new Random(n).nextBytes(bytes);
        return new ObjectHash(HexFormat.of().formatHex(bytes));
    }
}
