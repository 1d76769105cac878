package dev.gbpf.host.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LlmTraceGeneratorTest {
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final long SAMPLE_SEED = 1;
    private static final long SAMPLE_NS = 120_000_000_000L;

    private static List<LlmRequest> all(LlmRequestSource source) {
        List<LlmRequest> requests = new ArrayList<>();
        for (LlmRequest r = source.next(); r != null; r = source.next()) {
            requests.add(r);
        }
        return requests;
    }

    private static String write(LlmTraceParameters parameters) {
        StringBuilder text = new StringBuilder();
        try {
            LlmTraceGenerator.write(parameters, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    @Property(tries = 50)
    void trace_writtenAndRead_isTheSame(@ForAll long seed) {
        LlmTraceParameters parameters = LlmTraceParameters.conversation(seed, 30_000_000_000L);
        InputStream input = new ByteArrayInputStream(write(parameters).getBytes(StandardCharsets.US_ASCII));
        assertThat(all(new LlmTraceReader("generated", input))).isEqualTo(all(new LlmTraceGenerator(parameters)));
    }

    @Test
    void sample_isWhatTheGeneratorMakes() throws IOException {
        String expected = write(LlmTraceParameters.conversation(SAMPLE_SEED, SAMPLE_NS));
        try (InputStream resource = LlmTraceReader.class.getResourceAsStream("sample-conversation.csv")) {
            assertThat(resource).isNotNull();
            assertThat(new String(resource.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo(expected);
        }
        try (LlmTraceReader sample = LlmTraceReader.sample()) {
            assertThat(all(sample)).hasSize(671);
        }
    }

    @Test
    void conversation_isLikeTheRealTrace() {
        List<LlmRequest> requests = all(new LlmTraceGenerator(LlmTraceParameters.conversation(5, HOUR_NS)));
        // The real one: 19,366 requests in 58 minutes, 1,155 and 211 tokens in the mean.
        assertThat((double) requests.size()).isCloseTo(5.53 * 3600, Percentage.withPercentage(6));
        assertThat(requests.stream()
                        .mapToInt(LlmRequest::contextTokens)
                        .average()
                        .orElse(0))
                .isCloseTo(1155, Percentage.withPercentage(12));
        assertThat(requests.stream()
                        .mapToInt(LlmRequest::generatedTokens)
                        .average()
                        .orElse(0))
                .isCloseTo(211, Percentage.withPercentage(6));
        assertThat(requests).allMatch(r -> r.contextTokens() <= 14_050 && r.generatedTokens() <= 1_000);
    }

    @Test
    void arrivals_areBurstierThanPoisson() {
        List<LlmRequest> requests = all(new LlmTraceGenerator(LlmTraceParameters.conversation(5, HOUR_NS)));
        int[] perSecond = new int[3600];
        requests.forEach(r -> perSecond[(int) (r.arrivalNs() / 1_000_000_000L)]++);
        double mean = (double) requests.size() / perSecond.length;
        double squares = 0;
        for (int count : perSecond) {
            squares += (count - mean) * (count - mean);
        }
        // Variance over mean of the counts: 1 for Poisson, 1.54 for the real trace.
        assertThat(squares / perSecond.length / mean).isBetween(1.3, 2.0);
    }

    @Test
    void seeds_giveDifferentTraces() {
        assertThat(write(LlmTraceParameters.conversation(1, SAMPLE_NS)))
                .isNotEqualTo(write(LlmTraceParameters.conversation(2, SAMPLE_NS)));
    }
}
