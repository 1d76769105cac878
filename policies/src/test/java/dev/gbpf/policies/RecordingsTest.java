package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingException;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.replay.ApplicationReplay;
import dev.gbpf.host.replay.Latencies;
import dev.gbpf.host.replay.Replay;
import dev.gbpf.host.replay.Replay.RefusedException;
import dev.gbpf.host.sim.ContextSpec;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Recordings made on an H200 predict what was measured there: {@code docs/bench/replay.md}. */
class RecordingsTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("gbpf.root", "..")).resolve("examples/colocation/recordings");
    private static final double PERCENT = 15;

    private static @Nullable PolicyObject policy(String name) {
        return name.equals("bypass")
                ? null
                : ((CompileResult.Compiled) PolicyCompiler.compile(Library.source(name))).object();
    }

    private static List<ApplicationReplay> replay(String policy, String... names)
            throws IOException, RecordingException, RefusedException {
        List<Recording> recordings = new ArrayList<>();
        for (String name : names) {
            recordings.add(RecordingFile.read(Files.readAllBytes(FOLDER.resolve(name + ".gbrec"))));
        }
        assertThat(recordings).allSatisfy(r -> assertThat(r.lost()).isZero());
        return new Replay(recordings, ContextSpec.h200(), 1)
                .run(policy(policy)).applications().stream()
                        .filter(a -> a.recordedLaunchesPerSecond() > 0)
                        .toList();
    }

    private static void assertNear(Latencies replayed, long p50Us, long p99Us) {
        assertThat(replayed.p50Ns()).isCloseTo(p50Us * 1_000, withinPercentage(PERCENT));
        assertThat(replayed.p99Ns()).isCloseTo(p99Us * 1_000, withinPercentage(PERCENT));
    }

    @Test
    void decodingAndTraining_recordedAlone_predictWhatTheyDoToEachOther() throws Exception {
        assertNear(replay("bypass", "decode", "gpt").getFirst().requests(), 3_029, 3_052);
        assertNear(replay("latency_first", "decode", "gpt").getFirst().requests(), 995, 1_041);
    }

    /** With {@code -Dgbpf.long=true}: the rest of what the page has. */
    @Test
    void others_predictToo() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("gbpf.long"));
        // The slowest percent are the first token or two of a conversation, which vary.
        assertThat(replay("colocate", "decode", "gpt").getFirst().requests().p50Ns())
                .isCloseTo(625_000L, withinPercentage(PERCENT));
        assertNear(replay("latency_first", "layers", "resnet").getFirst().requests(), 2_202, 2_955);
        List<ApplicationReplay> both = replay("bypass", "decode-gpt");
        assertNear(both.getFirst().requests(), 3_029, 3_052);
        assertThat(both.getLast().waitsPerSecond()).isCloseTo(31.3, withinPercentage(PERCENT));
    }

    @Test
    void layersBesideResnet_whichNoFigureWasFittedTo_areAsTheyWere() throws Exception {
        List<ApplicationReplay> both = replay("bypass", "layers-resnet");
        assertNear(both.getFirst().requests(), 3_458, 6_491);
        assertThat(both.getLast().waitsPerSecond()).isCloseTo(49.2, withinPercentage(PERCENT));
    }
}
