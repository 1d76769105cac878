package dev.gbpf.host.bytecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final String TOO_LONG = "<too long>";

    @Property(tries = 200)
    void next_anyText_givesItsLines(@ForAll @CharRange(from = 'a', to = 'c') String words, @ForAll int seed)
            throws IOException {
        String text = words.replace('c', '\n');
        List<String> expected = new ArrayList<>(List.of(text.split("\n", -1)));
        if (expected.getLast().isEmpty()) {
            expected.removeLast();
        }
        expected.replaceAll(line -> line.length() > 5 ? TOO_LONG : line);
        assertThat(lines(trickle(text, seed), 5)).isEqualTo(expected);
    }

    @Test
    void next_linesLongerThanTheBuffer_areWhole() throws IOException {
        String line = "x".repeat(200_000);
        assertThat(lines(new ByteArrayInputStream((line + "\ny\n" + line).getBytes(StandardCharsets.UTF_8)), 200_000))
                .containsExactly(line, "y", line);
    }

    @Test
    void next_lineBeyondTheLimit_isSkippedAndTheNextOneRead() throws IOException {
        String text = "x".repeat(300_000) + "\nshort\n";
        assertThat(lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 100))
                .containsExactly(TOO_LONG, "short");
    }

    private static List<String> lines(InputStream in, int limit) throws IOException {
        LineReader reader = new LineReader(in, limit);
        List<String> lines = new ArrayList<>();
        while (reader.next()) {
            lines.add(
                    reader.isTooLong()
                            ? TOO_LONG
                            : new String(reader.bytes(), 0, reader.length(), StandardCharsets.UTF_8));
            assertThat(reader.number()).isEqualTo(lines.size());
        }
        assertThat(reader.next()).isFalse();
        return lines;
    }

    /** A stream that gives one to three bytes at a time. */
    private static InputStream trickle(String text, int seed) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + Math.floorMod(seed + pos, 3)));
            }
        };
    }
}
