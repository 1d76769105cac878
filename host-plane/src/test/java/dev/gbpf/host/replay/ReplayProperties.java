package dev.gbpf.host.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.recording.ApplicationRecorder;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingException;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.recording.RecordingFile.Recorded;
import dev.gbpf.host.replay.Replay.RefusedException;
import dev.gbpf.host.sim.ContextSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Recordings of whatever: what can be read can be replayed. */
class ReplayProperties {
    private static final long DURATION = 50_000_000;

    private static Recorded application(Random random, int tenant) {
        ApplicationRecorder recorder = new ApplicationRecorder();
        long ns = 0;
        for (int i = random.nextInt(200); i > 0; i--) {
            ns = Math.max(0, ns + random.nextLong(-50_000, 400_000));
            EventKind kind = EventKind.values()[random.nextInt(EventKind.values().length)];
            int function = kind.isLaunch()
                    ? recorder.launched(
                            kind, random.nextInt(9), random.nextLong(1L << random.nextInt(40)), random.nextInt(300), 1)
                    : 0;
            boolean memory = kind == EventKind.ALLOC || kind == EventKind.FREE;
            recorder.add(new RecordedEvent(
                    kind,
                    ns,
                    random.nextLong(1L << random.nextInt(1, 40)),
                    random.nextInt(10) == 0 ? random.nextLong(1L << 40) : 0,
                    memory ? 0 : random.nextInt(RecordedEvent.ALL_STREAMS + 1),
                    memory ? 0 : random.nextLong(1L << random.nextInt(1, 33)),
                    function,
                    kind.isCopy() || kind == EventKind.SET || memory
                            ? random.nextLong(1L << random.nextInt(1, 50))
                            : 0));
        }
        return new Recorded(tenant, random.nextBoolean(), "python", recorder);
    }

    @Property(tries = 100)
    void recording_ofAnything_isReplayed_andTheSameAgain(@ForAll long seed)
            throws RecordingException, RefusedException {
        Random random = new Random(seed);
        List<Recorded> applications = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            applications.add(application(random, random.nextInt(2)));
        }
        Recording recording = RecordingFile.read(RecordingFile.write(
                "d",
                random.nextInt(200),
                "p",
                DURATION,
                true,
                List.of(new RecordedTenant("a", 0, 2_000_000), new RecordedTenant("b", 3, 0)),
                applications));
        Replay replay = new Replay(List.of(recording), ContextSpec.h200(), seed);
        ReplayResult result = replay.run(null);
        assertThat(result).isEqualTo(replay.run(null));
        assertThat(result.applications()).hasSize(applications.size());
        // Kernels of several streams fit beside each other when they are narrow.
        assertThat(result.applications()).allSatisfy(a -> assertThat(a.share()).isNotNegative());
    }
}
