package dev.gbpf.host.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RecordingFileTest {
    private static void refused(byte[] file, String why) {
        assertThatThrownBy(() -> RecordingFile.read(file))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining(why);
    }

    private static byte[] good() {
        ApplicationRecorder application = new ApplicationRecorder();
        Recordings.record(application, 5, 300);
        return Recordings.file(1_000_000_000, application);
    }

    /** A file with this content, whatever it is, and a head that fits it. */
    private static byte[] sealed(byte[] content, long said) {
        byte[] file = new byte[content.length + 1_024];
        Deflater deflater = new Deflater();
        deflater.setInput(content);
        deflater.finish();
        int length = RecordingFile.HEAD + deflater.deflate(file, RecordingFile.HEAD, file.length - RecordingFile.HEAD);
        deflater.end();
        ByteBuffer head = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        head.put("GBPFREC1".getBytes(StandardCharsets.US_ASCII)).putInt(1);
        head.putLong(16, said);
        CRC32C checksum = new CRC32C();
        checksum.update(file, 16, length - 16);
        head.putInt(12, (int) checksum.getValue());
        return Arrays.copyOf(file, length);
    }

    private static byte[] content(Bytes bytes) {
        return sealed(bytes.toArray(), bytes.size());
    }

    private static Bytes head(int applications) {
        Bytes bytes = new Bytes();
        bytes.text("H200");
        bytes.number(132);
        bytes.text("fifo");
        bytes.number(1_000);
        bytes.number(1);
        bytes.number(1);
        bytes.text("chat");
        bytes.number(1);
        bytes.number(0);
        bytes.number(applications);
        return bytes;
    }

    private static Bytes application(int events, int... line) {
        Bytes bytes = head(1);
        bytes.number(0);
        bytes.number(1);
        bytes.text("python");
        bytes.number(0);
        bytes.number(0);
        bytes.number(events);
        bytes.number(line.length);
        for (int b : line) {
            bytes.put(b);
        }
        return bytes;
    }

    @Property(tries = 200)
    void whatIsWritten_isReadBack(@ForAll long seed, @ForAll @IntRange(max = 400) int count) throws RecordingException {
        ApplicationRecorder one = new ApplicationRecorder();
        ApplicationRecorder two = new ApplicationRecorder();
        RecordedApplication first = Recordings.record(one, seed, count);
        RecordedApplication second = Recordings.record(two, ~seed, 10);
        Recording read = RecordingFile.read(Recordings.file(77, one, two));
        assertThat(read)
                .isEqualTo(new Recording("H200", 132, "fifo", 77, true, Recordings.TENANTS, List.of(first, second)));
        assertThat(read.events()).isEqualTo(count + 10);
        assertThat(read.lost()).isEqualTo((seed & 7) + (~seed & 7));
    }

    @Property(tries = 500)
    void damage_isSaid(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] file = good();
        int at = random.nextInt(file.length);
        file[at] ^= (byte) (1 << random.nextInt(8));
        refused(file, "it is");
        refused(Arrays.copyOf(file, random.nextInt(file.length)), "it is");
    }

    /** Content that nobody wrote, behind a checksum that fits. */
    @Property(tries = 2_000)
    void content_whateverItIs_isReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        Bytes bytes = random.nextBoolean() ? head(1 + random.nextInt(2)) : new Bytes();
        for (int i = random.nextInt(200); i > 0; i--) {
            bytes.put(random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(8));
        }
        try {
            assertThat(RecordingFile.read(content(bytes)).events()).isLessThan(bytes.size());
        } catch (RecordingException e) {
            assertThat(e).hasMessageNotContaining("null").hasMessageContaining("byte");
        }
    }

    @Test
    void steadyStream_takesFewBytes() throws RecordingException {
        ApplicationRecorder application = new ApplicationRecorder();
        Random random = new Random(1);
        int count = 200_000;
        long ns = 0;
        for (int i = 1; i <= count; i++) {
            ns += 20_000 + random.nextInt(10_000);
            int function = application.launched(EventKind.KERNEL, i % 900, 5_000, 132, 256);
            application.add(
                    new RecordedEvent(EventKind.KERNEL, ns, 4_000 + random.nextInt(1_000), 0, 0, i, function, 0));
        }
        byte[] file = Recordings.file(ns, application);
        assertThat(file.length).isLessThan(5 * count);
        assertThat(RecordingFile.read(file).events()).isEqualTo(count);
    }

    @Test
    void functionsBeyondTheLimit_countAsTheFirst() throws RecordingException {
        ApplicationRecorder application = new ApplicationRecorder();
        for (int i = 0; i <= ApplicationRecorder.MOST_FUNCTIONS; i++) {
            application.launched(EventKind.KERNEL, i, 7 + i, 1, 1);
        }
        List<RecordedFunction> functions = RecordingFile.read(Recordings.file(1, application))
                .applications()
                .getFirst()
                .functions();
        assertThat(functions).hasSize(ApplicationRecorder.MOST_FUNCTIONS);
        assertThat(functions.getFirst()).isEqualTo(new RecordedFunction(EventKind.KERNEL, 0, 7, 1, 1, 2));
    }

    @Test
    void otherFiles_areRefused() {
        refused(new byte[0], "does not begin with GBPFREC1");
        refused("name: a scenario, of some length".getBytes(StandardCharsets.US_ASCII), "GBPFREC1");
        byte[] later = good();
        later[8] = 9;
        refused(later, "of version 9, and this program reads version 1");
    }

    @Test
    void sizesThatAreWrong_areRefused() {
        byte[] content = head(0).toArray();
        refused(sealed(content, content.length - 1), "not " + (content.length - 1) + " bytes");
        refused(sealed(content, content.length + 1), "expected " + (content.length + 1));
        refused(sealed(content, 1L << 40), "at most");
        refused(sealed(content, -1), "at most");
        Bytes more = head(0);
        more.put(0);
        refused(content(more), "1 bytes follow the last application");
        refused(content(head(1_000)), "applications=1000, and only 0 bytes follow");
        refused(content(head(2_000)), "applications=2000 is more than 1024");
        refused(content(application(4_000_000, 9, 0)), "do not fit in 2 bytes");
        refused(Recordings.file(1_000_000_000_001L), "duration=1000000000001 is more than 1000000000000");
    }

    @Test
    void eventsThatMakeNoSense_areRefused() {
        refused(content(application(1, 0, 0)), "no event of kind 0");
        refused(content(application(1, 15, 0)), "no event of kind 15");
        refused(content(application(1, 9, 1)), "outside of the recording");
        refused(content(application(1, 9 | 0x10, 0, 65)), "a stream=65 is more than 64");
        refused(content(application(1, 9 | 0x20, 0, 1)), "more than 32 bits");
        refused(content(application(1, 7 | 0x10, 0, 1, 1)), "ALLOC has no stream");
        refused(content(application(1, 1, 0, 0)), "a function=0 is more than -1");
        refused(content(application(1, 9, 0, 0)), "1 bytes follow the last event");
        refused(content(application(1, 9, 0x80)), "it ends");
    }
}
