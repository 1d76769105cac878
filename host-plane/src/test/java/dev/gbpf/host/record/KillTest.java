package dev.gbpf.host.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a process that writes, at random points. {@code -Dgbpf.long=true} kills 2,000, {@code -Dgbpf.kills} as many as it says. */
class KillTest {
    private static final int KILLS = Integer.getInteger("gbpf.kills", Boolean.getBoolean("gbpf.long") ? 2_000 : 2);

    /** After so many kills a new store is begun, so that each check stays short. */
    private static final int KILLS_PER_STORE = 100;

    @Test
    void killedProcess_losesNothingThatItAcknowledged(@TempDir Path directory) throws Exception {
        Random random = new Random(20_261_126);
        BitSet acknowledged = new BitSet();
        int next = 0;
        int changes = 0;
        Path file = directory.resolve("records.db");
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % KILLS_PER_STORE == 0) {
                file = directory.resolve("records" + kill + ".db");
                acknowledged.clear();
                next = 0;
            }
            Process process = ChildProcess.of(KillRun.class, file.toString(), Integer.toString(next))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
                readUntilKilled(process, lines, random.nextInt(60), acknowledged);
            }
            assertThat(process.waitFor()).as("killed, and not ended by itself").isEqualTo(137);
            try (RecordStore store = SqliteRecordStore.open(file, Instant.ofEpochMilli(1))) {
                changes = Math.max(changes, acknowledged.cardinality());
                next = KillRun.check(store, acknowledged);
            }
        }
        assertThat(changes).isPositive();
    }

    private static void readUntilKilled(Process process, BufferedReader lines, int millis, BitSet acknowledged)
            throws IOException, InterruptedException {
        String first = lines.readLine();
        assertThat(first).isNotNull();
        acknowledged.set(Integer.parseInt(first));
        Thread.sleep(millis);
        process.toHandle().destroyForcibly(); // of the process itself would close the stream
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            // The last line may be cut; the change that it tells of was acknowledged all the same, but its number is
            // lost.
            if (Integer.parseInt(line) == acknowledged.length()) {
                acknowledged.set(Integer.parseInt(line));
            }
        }
    }
}
