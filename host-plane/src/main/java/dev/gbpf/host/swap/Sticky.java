package dev.gbpf.host.swap;

import dev.gbpf.host.queue.Job;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What stays on one side of a canary. */
public enum Sticky {
    /** All jobs of a tenant: by the hash of its index, as many tenants as come nearest to the share, at least one a side. */
    TENANT,
    /** Each job by the hash of its id. */
    JOB;

    /** The word in scenarios and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a word stands for. */
    public static Optional<Sticky> byWord(String word) {
        return Arrays.stream(values()).filter(s -> s.word().equals(word)).findFirst();
    }

    /** Says which jobs are the canary's. */
    @FunctionalInterface
    public interface Selection {
        boolean selects(Job job);
    }

    /**
     * The jobs of a share.
     *
     * @param shareThousandths 1 to 999
     * @param tenants how many tenants there are; at least 2 where tenants are sticky
     */
    public Selection selection(int shareThousandths, int tenants) {
        return switch (this) {
            case JOB -> job -> Long.remainderUnsigned(mix(job.id()), 1_000) < shareThousandths;
            case TENANT -> {
                BitSet chosen = chosenTenants(shareThousandths, tenants);
                yield job -> chosen.get(job.tenant().index());
            }
        };
    }

    /** The tenants of a share, by index. */
    public static BitSet chosenTenants(int shareThousandths, int tenants) {
        if (tenants < 2) {
            throw new IllegalArgumentException("a canary by tenant needs two tenants, and there is " + tenants);
        }
        Integer[] byHash = new Integer[tenants];
        Arrays.setAll(byHash, i -> i);
        Arrays.sort(byHash, Comparator.comparingLong(i -> mix(i)));
        int count = Math.clamp((shareThousandths * (long) tenants + 500) / 1_000, 1, tenants - 1);
        BitSet chosen = new BitSet(tenants);
        for (int i = 0; i < count; i++) {
            chosen.set(byHash[i]);
        }
        return chosen;
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
    private static long mix(long value) {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
