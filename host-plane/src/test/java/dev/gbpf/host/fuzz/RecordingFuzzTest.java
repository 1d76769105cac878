package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.host.recording.ApplicationRecorder;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingException;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.recording.RecordingFile.Recorded;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of recordings. Checksums are made to fit, else nothing behind them would be reached. */
class RecordingFuzzTest {
    /** Deflated bytes become a thousand times as many, and each two of them an event. */
    private static final int PER_BYTE = 100_000;

    private static final int CHECKSUM_AT = 12;
    private static final int CHECKED_AT = 16;

    static Stream<byte[]> seeds() {
        ApplicationRecorder application = new ApplicationRecorder();
        int function = application.launched(EventKind.KERNEL, 7, 5_000, 132, 256);
        application.add(new RecordedEvent(EventKind.KERNEL, 10_000, 3_000, 0, 2, 1, function, 0));
        application.add(new RecordedEvent(EventKind.COPY_FROM_DEVICE, 20_000, 3_000, 1_000, 2, 2, 0, 4_096));
        application.add(new RecordedEvent(EventKind.WAIT, 90_000, 50_000, 0, 2, 2, 0, 0));
        application.add(new RecordedEvent(EventKind.ALLOC, 95_000, 0, 0, 0, 0, 0, 1 << 20));
        return Stream.of(
                new byte[0],
                RecordingFile.write("d", 1, "p", 5, false, List.of(), List.of()),
                RecordingFile.write(
                        "H200",
                        132,
                        "fifo",
                        100_000,
                        true,
                        List.of(new RecordedTenant("chat", 1, 10)),
                        List.of(new Recorded(0, true, "python", application))));
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void recording_ofAnyBytes_isReadOrRefused(byte[] bytes) {
        byte[] file = bytes.clone();
        if (file.length > CHECKED_AT) {
            CRC32C checksum = new CRC32C();
            checksum.update(file, CHECKED_AT, file.length - CHECKED_AT);
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(CHECKSUM_AT, (int) checksum.getValue());
        }
        Allocation.within(PER_BYTE, file.length, () -> read(file));
    }

    private static @Nullable Recording read(byte[] file) {
        try {
            Recording recording = RecordingFile.read(file);
            assertThat(recording.events()).isLessThanOrEqualTo(RecordingFile.MOST_EVENTS);
            return recording;
        } catch (RecordingException e) {
            assertThat(e).hasMessageMatching("(?s)it .*|.* at byte .*|its .*");
            return null;
        }
    }
}
