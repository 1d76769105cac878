package dev.gbpf.host.record;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/**
 * Cuts the power of a store at random points, again and again, and checks after each what is there. Prints one line, and ends with
 * 1 when something was lost. Arguments: the preloaded library, a directory, a seed, how many cuts,
 * {@code PRAGMA synchronous}.
 */
final class PowerCutRun {
    private static final int CUTS_PER_STORE = 25;

    private PowerCutRun() {}

    public static void main(String[] arguments) throws Exception {
        PowerCut power = new PowerCut(Path.of(arguments[0]));
        long seed = Long.parseLong(arguments[2]);
        int cuts = Integer.parseInt(arguments[3]);
        int acknowledged = 0;
        int whileOpening = 0;
        RecordWorkload workload = new RecordWorkload(seed);
        Path file = Path.of(arguments[1], "records.db");
        Random random = new Random(seed);
        for (int cut = 0; cut < cuts; cut++) {
            if (cut % CUTS_PER_STORE == 0) {
                power.forget();
                acknowledged += workload.acknowledged();
                workload = new RecordWorkload(seed + cut);
                file = Files.createDirectory(Path.of(arguments[1], "store" + cut))
                        .resolve("records.db");
            }
            boolean early = random.nextInt(4) == 0;
            if (early) {
                power.failAfter(1 + random.nextInt(20));
            }
            RecordStore store = null;
            try {
                store = SqliteRecordStore.open(file, Instant.ofEpochMilli(1), arguments[4]);
            } catch (RecordStoreException e) {
                if (!early) {
                    throw new AssertionError("cut " + cut + " of seed " + seed + ": cannot open after the last cut", e);
                }
                whileOpening++;
            }
            if (store != null) {
                try {
                    use(store, workload, power, random, early);
                } catch (AssertionError e) {
                    throw new AssertionError("after cut " + (cut - 1) + " of seed " + seed, e);
                }
            }
            power.cut(random.nextLong() >>> 1);
        }
        acknowledged += workload.acknowledged();
        System.out.println(
                "cuts=" + cuts + " while_opening=" + whileOpening + " acknowledged=" + acknowledged + " seed=" + seed);
    }

    private static void use(
            RecordStore store, RecordWorkload workload, PowerCut power, Random random, boolean failing) {
        try (store) {
            workload.check(store);
            if (!failing) {
                power.failAfter(1 + random.nextInt(80));
            }
            while (true) {
                workload.step(store);
                if (random.nextInt(100) == 0) {
                    return;
                }
            }
        } catch (RecordStoreException e) {
            if (!String.valueOf(e.getMessage()).contains("record store")) {
                throw e;
            }
        }
    }
}
