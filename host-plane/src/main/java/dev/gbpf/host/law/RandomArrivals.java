package dev.gbpf.host.law;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Jobs at random, reproducible by seed. */
public final class RandomArrivals {
    private RandomArrivals() {}

    /** Jobs of random tenants and lengths, at random times about as often as the device can take them. */
    public static List<Arrival> mixed(long seed, int jobs, int tenants, long longestNs, long deadlineAfterNs) {
        Random random = new Random(seed);
        List<Arrival> arrivals = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < jobs; i++) {
            // Bursts and pauses: a third of the jobs come together with the one before.
            now += random.nextInt(3) == 0 ? 0 : random.nextLong(1 + longestNs);
            arrivals.add(new Arrival(
                    now,
                    random.nextInt(tenants),
                    1 + random.nextLong(longestNs),
                    random.nextBoolean() ? deadlineAfterNs : 0));
        }
        return arrivals;
    }

    /** A backlog from the start: each tenant has jobs for {@code totalNs} times its weight over the sum of weights. */
    public static List<Arrival> backlog(
            long seed, List<Integer> weights, long totalNs, long shortestNs, long longestNs) {
        Random random = new Random(seed);
        int sum = weights.stream().mapToInt(Integer::intValue).sum();
        List<Arrival> arrivals = new ArrayList<>();
        for (int tenant = 0; tenant < weights.size(); tenant++) {
            // Lengths differ between tenants, so that counting jobs is not counting time.
            long most = Math.max(shortestNs, longestNs / (1 + tenant % 3));
            long want = totalNs * weights.get(tenant) / sum;
            for (long have = 0; have < want; ) {
                long work = shortestNs + random.nextLong(1 + most - shortestNs);
                arrivals.add(new Arrival(random.nextLong(1_000), tenant, work, 0));
                have += work;
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::atNs));
        return arrivals;
    }
}
