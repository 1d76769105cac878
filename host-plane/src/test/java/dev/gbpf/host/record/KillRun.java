package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;

/**
 * Stores a policy, begins an activation of it and ejects it, one after the other for ever, and prints each change once it is
 * acknowledged: a process to be killed. Arguments: the file, the number of the first policy.
 */
final class KillRun {
    static final int CHANGES_PER_POLICY = 3;

    private KillRun() {}

    public static void main(String[] arguments) {
        try (RecordStore store = SqliteRecordStore.open(Path.of(arguments[0]), Instant.ofEpochMilli(0))) {
            for (int n = Integer.parseInt(arguments[1]); ; n++) {
                store.store(hash(n), "policy" + n, object(n), Instant.ofEpochMilli(n));
                System.out.println(CHANGES_PER_POLICY * n + 1);
                long id = store.begin(start(n));
                System.out.println(CHANGES_PER_POLICY * n + 2);
                store.end(id, outcome(n), dump(n));
                System.out.println(CHANGES_PER_POLICY * n + 3);
            }
        }
    }

    /**
     * Compares.
     *
     * @param acknowledged the numbers that were printed
     * @return the number of the next policy
     */
    static int check(RecordStore store, BitSet acknowledged) {
        BitSet found = new BitSet();
        int policies = store.policies().size();
        for (int n = 0; n < policies; n++) {
            found.set(CHANGES_PER_POLICY * n + 1);
            if (!Arrays.equals(store.object(hash(n)).orElseThrow(), object(n))) {
                throw new AssertionError("policy " + n + " has other bytes");
            }
        }
        for (Activation activation : store.activations(Integer.MAX_VALUE)) {
            int n = (int) activation.start().at().toEpochMilli();
            Outcome outcome = activation.outcome().orElseThrow();
            found.set(CHANGES_PER_POLICY * n + 2);
            if (!activation.start().equals(start(n))) {
                throw new AssertionError("another start: " + activation);
            }
            if (outcome.kind() != Outcome.Kind.INTERRUPTED) {
                found.set(CHANGES_PER_POLICY * n + 3);
                if (!outcome.equals(outcome(n))
                        || !store.report(activation.id()).equals(Optional.of(dump(n)))) {
                    throw new AssertionError("another outcome: " + activation);
                }
            }
        }
        BitSet lost = (BitSet) acknowledged.clone();
        lost.andNot(found);
        if (!lost.isEmpty()) {
            throw new AssertionError("acknowledged, and not there: changes " + lost);
        }
        return policies;
    }

    static ObjectHash hash(int n) {
        return RecordWorkload.hash(n);
    }

    static byte[] object(int n) {
        byte[] bytes = new byte[1 + n * 37 % 3_000];
        new Random(n).nextBytes(bytes);
        return bytes;
    }

    private static Activation.Start start(int n) {
        return new Activation.Start(Instant.ofEpochMilli(n), hash(n), "swap", "immediate", "uid 0", "{}");
    }

    private static Outcome outcome(int n) {
        return new Outcome(Instant.ofEpochMilli(n), Outcome.Kind.EJECTED, "plane", "stall " + n, n);
    }

    private static String dump(int n) {
        return "{\"n\":" + n + ",\"x\":\"" + "x".repeat(n * 53 % 5_000) + "\"}";
    }
}
