package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.host.workload.LlmRequest;
import dev.gbpf.host.workload.LlmTraceReader;
import dev.gbpf.host.workload.WorkloadFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Traces of requests. The requests that come before an error are in order and in range. */
class TraceFuzzTest {
    private static final int PER_BYTE = 64;
    private static final int SEED_LENGTH = 400;

    static {
        seeds().forEach(TraceFuzzTest::read);
    }

    static Stream<byte[]> seeds() {
        Stream<byte[]> sample = Seeds.files(".csv", "host-plane/src/main/resources")
                .map(bytes -> Arrays.copyOf(bytes, Math.min(bytes.length, SEED_LENGTH)));
        String small = LlmTraceReader.HEADER + "\r\n2023-11-16 18:17:03.9799600,4808,10\n2024-02-29 23:59:59.1,1,0\n";
        return Stream.concat(sample, Stream.of(small.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void trace_ofAnyBytes_isReadOrRefused(byte[] bytes) {
        Allocation.within(PER_BYTE, bytes.length, () -> read(bytes));
    }

    /** How many requests were read. */
    private static int read(byte[] bytes) {
        int count = 0;
        try (LlmTraceReader reader = new LlmTraceReader("fuzz.csv", new ByteArrayInputStream(bytes))) {
            long last = 0;
            for (LlmRequest request = reader.next(); request != null; request = reader.next()) {
                assertThat(request.number()).isEqualTo(count++);
                assertThat(request.arrivalNs()).isGreaterThanOrEqualTo(last);
                last = request.arrivalNs();
            }
            assertThat(count).isPositive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (WorkloadFormatException e) {
            assertThat(e.line()).isPositive();
            assertThat(e.remedy()).isNotBlank();
        }
        return count;
    }
}
