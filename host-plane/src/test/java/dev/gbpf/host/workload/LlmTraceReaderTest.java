package dev.gbpf.host.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlmTraceReaderTest {
    private static final String HEADER = LlmTraceReader.HEADER + "\n";

    private static List<LlmRequest> read(byte[] bytes) {
        return readAll(new LlmTraceReader("t.csv", new ByteArrayInputStream(bytes)));
    }

    private static List<LlmRequest> read(String text) {
        return read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<LlmRequest> readAll(LlmTraceReader reader) {
        List<LlmRequest> requests = new ArrayList<>();
        for (LlmRequest r = reader.next(); r != null; r = reader.next()) {
            requests.add(r);
        }
        return requests;
    }

    @Test
    void requests_areCountedFromTheFirst() {
        String text = HEADER + "2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n";
        assertThat(read(text))
                .containsExactly(new LlmRequest(0, 0, 374, 44), new LlmRequest(1, 4_314_579_000L, 396, 109));
    }

    @Test
    void carriageReturns_andAMissingLastNewline_makeNoDifference() {
        String text = HEADER + "2023-11-16 23:59:59.5,1,1\n2023-11-17 00:00:00+00:00,2,0\n2023-11-17 00:00:00.25,3,7\n";
        List<LlmRequest> expected = List.of(
                new LlmRequest(0, 0, 1, 1), new LlmRequest(1, 500_000_000, 2, 0), new LlmRequest(2, 750_000_000, 3, 7));
        assertThat(read(text)).isEqualTo(expected);
        assertThat(read(text.replace("\n", "\r\n"))).isEqualTo(expected);
        assertThat(read(text.substring(0, text.length() - 1))).isEqualTo(expected);
    }

    @Test
    void equalTimes_areAllowed() {
        assertThat(read(HEADER + "2023-11-16 18:15:46,1,1\n2023-11-16 18:15:46,1,1\n"))
                .extracting(LlmRequest::arrivalNs)
                .containsExactly(0L, 0L);
    }

    /** The line after a good one; the column and a part of the message. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            2023-11-16 18:15:47,x,1            | 21 | ContextTokens begins with 'x'
            2023-11-16 18:15:47,-3,1           | 21 | ContextTokens begins with '-'
            2023-11-16 18:15:47,,1             | 21 | ContextTokens is empty
            2023-11-16 18:15:47,0,1            | 21 | ContextTokens is 0
            2023-11-16 18:15:47,1048577,1      | 21 | ContextTokens is more than 1048576
            2023-11-16 18:15:47,99999999999999999999999,1 | 21 | ContextTokens is more than 1048576
            2023-11-16 18:15:47,12x,1          | 23 | 'x' stands where a comma should
            2023-11-16 18:15:47,1.5,1          | 22 | '.' stands where a comma should
            2023-11-16 18:15:47,5              | 22 | column GeneratedTokens is missing
            2023-11-16 18:15:47                | 20 | column ContextTokens is missing
            2023-11-16 18:15:47,5,             | 23 | GeneratedTokens is empty
            2023-11-16 18:15:47,5,-1           | 23 | GeneratedTokens begins with '-'
            2023-11-16 18:15:47,5,1048577      | 23 | GeneratedTokens is more than
            2023-11-16 18:15:47,5,1,9          | 24 | ',' follows the last column
            2023-11-16 18:15:47,5,1;           | 24 | ';' follows the last column
            2023-11-16 18:15:45,5,1            | 1  | TIMESTAMP is before that of the line above
            2025-11-16 18:15:45,5,1            | 1  | more than a year after the first
            2023-13-16 18:15:47,5,1            | 6  | month=13 is not in 1..12
            2023-02-30 18:15:47,5,1            | 1  | there is no such day
            2023-11-16 24:15:47,5,1            | 12 | hour=24
            2023-11-16 18:60:47,5,1            | 15 | minute=60
            2023-11-16 18:15:61,5,1            | 18 | second=61
            1969-11-16 18:15:47,5,1            | 1  | year=1969
            2023-11-16T18:15:47,5,1            | 11 | ' ' is missing
            2023-11-16 18:15:47.,5,1           | 21 | a decimal is missing
            2023-11-16 18:15:47.1234567891,5,1 | 30 | more than 9 decimals
            2023-11-16 18:15:47+01:00,5,1      | 22 | '0' is missing
            yesterday,5,1                      | 1  | a digit of the year is missing
            """)
    void badLine_isAnErrorWithItsPlace(String line, int column, String what) {
        String text = HEADER + "2023-11-16 18:15:46,1,1\n" + line + "\n2023-11-16 18:15:59,1,1\n";
        WorkloadFormatException error = catchThrowableOfType(WorkloadFormatException.class, () -> read(text));
        assertThat(error).hasMessageContaining(what).hasMessageStartingWith("t.csv:3:" + column + ": ");
        assertThat(error.file()).isEqualTo("t.csv");
        assertThat(error.line()).isEqualTo(3);
        assertThat(error.column()).isEqualTo(column);
        assertThat(error.what()).contains(what);
        assertThat(error.remedy()).isNotBlank();
    }

    @Test
    void badFile_isAnErrorWithItsPlace() {
        assertBad("", 1, 1, "the file is empty");
        assertBad("time,context,generated\n", 1, 1, "the header is 'time,context,generated'");
        assertBad(HEADER, 2, 1, "the file has no requests");
        assertBad("\n" + HEADER, 1, 1, "the line is empty");
        assertBad(HEADER + "\n", 2, 1, "the line is empty");
        assertBad(HEADER + "2023-11-16 18:15:47,5,1\n\n", 3, 1, "the line is empty");
        assertBad(HEADER + "2023-11-16 18:15:47,5,1\r", 2, 24, "byte 0x0d is not text");
        assertBad(HEADER + "2023\r-11-16 18:15:47,5,1\n", 2, 5, "byte 0x0d is not text");
        assertBad("\u00ef\u00bb\u00bf" + HEADER, 1, 1, "byte 0xef is not text");
        assertBad("\u001f\u008b\b\0\0\0", 1, 1, "byte 0x1f is not text");
        assertBad(HEADER + "2023-11-16 18:15:47,5,\0", 2, 23, "byte 0x00 is not text");
        assertBad(HEADER + "9".repeat(100_000), 2, 201, "the line has more than 200 bytes");
    }

    private static void assertBad(String text, long line, int column, String what) {
        WorkloadFormatException error = catchThrowableOfType(WorkloadFormatException.class, () -> read(text));
        assertThat(error).hasMessageStartingWith("t.csv:" + line + ":" + column + ": " + what);
    }

    @Property(tries = 1000)
    void anyBytes_areReadOrRefused_neverAnythingElse(@ForAll byte[] noise) {
        byte[] header = HEADER.getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[header.length + noise.length];
        System.arraycopy(header, 0, bytes, 0, header.length);
        System.arraycopy(noise, 0, bytes, header.length, noise.length);
        assertReadOrRefused(bytes);
    }

    @Property(tries = 1000)
    void oneChangedByte_isReadOrRefused_neverAnythingElse(@ForAll int place, @ForAll byte value) {
        byte[] bytes = (HEADER + "2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 18:15:50.9951690,396,109\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        bytes[Math.floorMod(place, bytes.length)] = value;
        assertReadOrRefused(bytes);
    }

    private static void assertReadOrRefused(byte[] bytes) {
        try {
            assertThat(read(bytes)).isNotEmpty();
        } catch (WorkloadFormatException e) {
            assertThat(e.line()).isPositive();
        }
    }

    @Test
    void unreadableFile_isAnErrorWithItsName() {
        assertThatThrownBy(() -> LlmTraceReader.open(Path.of("no/such/file.csv")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no/such/file.csv");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        assertThatThrownBy(() -> new LlmTraceReader("t.csv", broken)).hasMessageContaining("trace t.csv");
    }

    @Test
    void realTrace_hasItsPublishedTotals() throws IOException {
        Path trace = Path.of(System.getProperty("gbpf.root", "."), "..", "shared", "data")
                .resolve("AzureLLMInferenceTrace_conv.csv");
        Assumptions.assumeTrue(Files.exists(trace), "the Azure conversation trace is not at " + trace);
        long requests = 0;
        long generated = 0;
        long lastNs = 0;
        try (LlmTraceReader reader = LlmTraceReader.open(trace)) {
            for (LlmRequest r = reader.next(); r != null; r = reader.next()) {
                requests++;
                generated += r.generatedTokens();
                lastNs = r.arrivalNs();
            }
        }
        assertThat(requests).isEqualTo(19_366);
        assertThat(generated).isEqualTo(4_088_665);
        assertThat(lastNs).isEqualTo(3_501_721_937_000L);
    }
}
