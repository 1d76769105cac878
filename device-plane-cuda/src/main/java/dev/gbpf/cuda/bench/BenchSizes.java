package dev.gbpf.cuda.bench;

/**
 * How much is measured.
 *
 * @param rounds of each rate
 * @param laneTasks tasks of a round, host-fed, lane tasks
 * @param warpTasks likewise, warp tasks
 * @param trips round trips that count
 * @param warmups round trips before them
 * @param hops links of a chain that count
 * @param firstHops links before them
 * @param chains of lane tasks that make each other, for each worker block
 * @param chainLength tasks of each of these
 * @param promotions how often a policy becomes machine code
 * @param swaps how often one is swapped under full load
 */
record BenchSizes(
        int rounds,
        int laneTasks,
        int warpTasks,
        int trips,
        int warmups,
        int hops,
        int firstHops,
        int chains,
        int chainLength,
        int promotions,
        int swaps) {
    static BenchSizes of(BenchTarget target, boolean brief) {
        return switch (target) {
            case BenchTarget.Cpu() ->
                brief
                        ? new BenchSizes(1, 4_000, 2_000, 20, 5, 50, 10, 32, 40, 2, 2)
                        : new BenchSizes(5, 400_000, 80_000, 2_000, 200, 10_000, 1_000, 64, 5_000, 10, 10);
            case BenchTarget.Gpu(var _, var _) ->
                brief
                        ? new BenchSizes(1, 2_000_000, 400_000, 2_000, 1_000, 10_000, 1_000, 768, 1_000, 100, 20)
                        : new BenchSizes(
                                5, 20_000_000, 4_000_000, 20_000, 20_000, 40_000, 10_000, 768, 10_000, 200, 100);
        };
    }
}
