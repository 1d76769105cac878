package dev.gbpf.host.interpose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.testkit.CLayout;
import java.io.IOException;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java's view of {@code segment.h} is the C compiler's, field by field. */
class SegmentLayoutTest {
    private static final String SOURCES = "host-plane/src/main/c";
    private static final String HEADER = "gbpf_cuda/segment.h";

    private static final List<StructLayout> STRUCTS = List.of(
            SegmentLayout.HELLO,
            SegmentLayout.WELCOME,
            SegmentLayout.HEAD,
            SegmentLayout.ORDERS,
            SegmentLayout.REPORT,
            SegmentLayout.STREAM,
            SegmentLayout.FUNCTION,
            SegmentLayout.EVENT,
            SegmentLayout.SEGMENT);

    @Test
    void structures_asTheCompilerSeesThem_areJavas(@TempDir Path folder) throws IOException, InterruptedException {
        CLayout.assertSame(SOURCES, HEADER, STRUCTS, folder);
    }

    @Test
    void numbers_areThoseOfTheHeader() throws IOException {
        String header = Files.readString(
                Path.of(System.getProperty("gbpf.root", "..")).resolve(SOURCES).resolve(HEADER));
        Map<String, Long> defined = new HashMap<>();
        Pattern.compile("GBPF_(\\w+) (?:= )?(0x[0-9a-f]+|\\d+)(?:u|ull)?\\b")
                .matcher(header)
                .results()
                .forEach(m -> defined.put(m.group(1), Long.decode(m.group(2))));
        Map<String, Long> expected = new HashMap<>(Map.of(
                "SEGMENT_MAGIC", SegmentLayout.MAGIC,
                "SEGMENT_VERSION", (long) SegmentLayout.VERSION,
                "SEGMENT_STREAMS", (long) SegmentLayout.STREAMS,
                "SEGMENT_DEVICES", (long) SegmentLayout.DEVICES,
                "SEGMENT_FUNCTIONS", (long) SegmentLayout.FUNCTIONS,
                "SEGMENT_EVENTS", (long) SegmentLayout.EVENTS,
                "TENANT_NAME", (long) SegmentLayout.TENANT_NAME,
                "LEVERS", (long) SegmentLayout.LEVERS,
                "MODE_BYPASS", (long) SegmentLayout.MODE_BYPASS,
                "MODE_POLICY", (long) SegmentLayout.MODE_POLICY));
        expected.put("SEGMENT_LANES", (long) SegmentLayout.LANES);
        expected.put("STREAM_CAPTURE", (long) SegmentLayout.STREAM_CAPTURE);
        expected.put("STREAM_TRACKED", (long) SegmentLayout.STREAM_TRACKED);
        expected.put("STREAM_COLLECTIVE", (long) SegmentLayout.STREAM_COLLECTIVE);
        Arrays.stream(WelcomeStatus.values()).forEach(s -> expected.put("WELCOME_" + s.name(), (long) s.ordinal()));
        Arrays.stream(ApplicationClass.values()).forEach(c -> expected.put("CLASS_" + c.name(), (long) c.ordinal()));
        assertThat(defined).containsAllEntriesOf(expected);
    }
}
