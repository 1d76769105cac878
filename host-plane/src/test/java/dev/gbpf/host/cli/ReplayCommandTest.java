package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.host.recording.ApplicationRecorder;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.recording.RecordingFile.Recorded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @BeforeEach
    void recordings() throws IOException {
        Files.write(folder.resolve("chat.gbrec"), file("chat", true, 5_000_000));
        Files.write(folder.resolve("training.gbrec"), file("training", false, 0));
    }

    /** 50 graphs of 1 ms, one after the other, with a pause between two. */
    private static byte[] file(String tenant, boolean latency, long pauseNs) {
        ApplicationRecorder recorder = new ApplicationRecorder();
        long ns = 0;
        for (int i = 1; i <= 50; i++) {
            int function = recorder.launched(EventKind.GRAPH, 1, 1_000_000, 0, 0);
            recorder.add(new RecordedEvent(EventKind.GRAPH, ns + 5_000, 5_000, 0, 0, i, function, 0));
            recorder.add(new RecordedEvent(EventKind.WAIT, ns + 1_010_000, 1_005_000, 0, 0, i, 0, 0));
            ns += 1_020_000 + pauseNs;
        }
        return RecordingFile.write(
                "H200",
                132,
                "fifo",
                ns,
                true,
                List.of(new RecordedTenant(tenant, 1, latency ? 10 : 0)),
                List.of(new Recorded(0, latency, "python", recorder)));
    }

    private Result run(String... arguments) {
        return new Cli(folder).run(arguments);
    }

    @Test
    void replay_showsWhatWasRecorded_andWhatComesOut() {
        Result result = run("replay", "chat.gbrec");
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("bypass, 0.30 s, recorded under fifo\n\n")
                .containsPattern(
                        "chat +python +replay +50 +1.0\\d\\d +1.0\\d\\d +49 +1.0\\d\\d +166 +166.1 +16.\\d % +0 +0.000\n")
                .containsPattern(" +recorded +50 +1.010 +1.010 +49 +1.010 +166 +166.1\n");
    }

    @Test
    void replayOfTwo_asJson_isTheSameEachTime() {
        Result result = run("replay", "chat.gbrec", "training.gbrec", "--policy", "newest", "--json");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith(
                        "{\"policy\":\"newest\",\"durationNs\":301000000,\"lost\":0,\"applications\":[{\"tenant\":\"chat\",")
                .contains("\"recorded\":{\"requests\":{\"count\":50,\"p50Ns\":1010000,");
        assertThat(run("replay", "chat.gbrec", "training.gbrec", "--policy", "newest", "--json"))
                .isEqualTo(result);
    }

    @Test
    void latencies_areEachGiven_whenAskedFor() {
        assertThat(run("replay", "chat.gbrec", "--json").out()).doesNotContain("eachNs");
        assertThat(run("replay", "chat.gbrec", "--json", "--latencies").out())
                .contains(
                        "\"recorded\":{\"requests\":{\"count\":50,\"p50Ns\":1010000,\"p99Ns\":1010000,\"mostNs\":1010000,"
                                + "\"eachNs\":[" + "1010000,".repeat(49) + "1010000]},\"arrivals\":{\"count\":49,");
    }

    @Test
    void filesThatAreNone_areSaid() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "name: a scenario of some length");
        byte[] damaged = file("chat", true, 0);
        damaged[damaged.length - 1]++;
        Files.write(folder.resolve("damaged.gbrec"), damaged);
        Files.write(folder.resolve("none.gbrec"), RecordingFile.write("d", 1, "p", 1, true, List.of(), List.of()));
        assertThat(run("replay", "a.yaml").err())
                .contains("a.yaml cannot be replayed: it is no recording", "gbpf record");
        assertThat(run("replay", "damaged.gbrec").err()).contains("damaged or cut short");
        assertThat(run("replay", "none.gbrec").err()).contains("has no tenants");
        assertThat(run("replay", "missing.gbrec").code()).isEqualTo(3);
        assertThat(run("replay").code()).isEqualTo(2);
        String[] many = new String[18];
        Arrays.fill(many, "chat.gbrec");
        many[0] = "replay";
        assertThat(run(many).err()).contains("17 recordings are given");
    }

    @Test
    void policiesThatCannotDecide_areSaid() throws IOException {
        assertThat(run("replay", "chat.gbrec", "--policy", "newst").err()).contains("did you mean newest?");
        Files.writeString(folder.resolve("refuses.gbpf"), "policy refuses; hook init(ctx) { return 1; }");
        Result refused = run("replay", "chat.gbrec", "--policy", "refuses.gbpf");
        assertThat(refused.code()).isEqualTo(7);
        assertThat(refused.err()).contains("refuses: ");
        Files.write(folder.resolve("bad.gbpf"), "policy bad; hook x".getBytes(StandardCharsets.UTF_8));
        assertThat(run("replay", "chat.gbrec", "--policy", "bad.gbpf").code()).isEqualTo(4);
    }
}
