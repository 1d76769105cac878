package dev.gbpf.host.workload;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** Makes traces of LLM requests; {@link LlmTraceParameters} says how they look. The first request comes at 0. */
public final class LlmTraceGenerator implements LlmRequestSource {
    /** The format has seven decimals. */
    private static final long RESOLUTION_NS = 100;

    private final LlmTraceParameters parameters;
    private final RandomStream arrivals;
    private final RandomStream bursts;
    private final RandomStream contexts;
    private final RandomStream answers;
    private final double scale;
    private double timeNs;
    private boolean burst;
    private double phaseEndNs;
    private double firstNs = -1;
    private long number;

    public LlmTraceGenerator(LlmTraceParameters parameters) {
        this.parameters = parameters;
        this.arrivals = RandomStream.derive(parameters.seed(), "trace", "arrivals");
        this.bursts = RandomStream.derive(parameters.seed(), "trace", "bursts");
        this.contexts = RandomStream.derive(parameters.seed(), "trace", "context");
        this.answers = RandomStream.derive(parameters.seed(), "trace", "generated");
        double burstPart = (double) parameters.meanBurstNs()
                / ((double) parameters.meanBurstNs() + (double) parameters.meanCalmNs());
        this.scale = 1 / (1 + burstPart * (parameters.burstFactor() - 1));
        // Begins calm, with a phase to draw.
        this.burst = true;
    }

    /** Thinning (Lewis and Shedler, 1979): candidates at the greatest rate, of which a part is kept. */
    @Override
    public @Nullable LlmRequest next() {
        double greatest = parameters.ratePerSecond() * scale * (1 + parameters.swing()) * parameters.burstFactor();
        while (true) {
            timeNs += arrivals.nextExponential() * 1e9 / greatest;
            boolean kept = arrivals.nextDouble() * greatest < rateNow();
            if (firstNs >= 0 && timeNs - firstNs >= (double) parameters.durationNs()) {
                return null;
            }
            if (kept) {
                return request();
            }
        }
    }

    private LlmRequest request() {
        if (firstNs < 0) {
            firstNs = timeNs;
        }
        long arrivalNs = (long) (timeNs - firstNs) / RESOLUTION_NS * RESOLUTION_NS;
        return new LlmRequest(
                number++, arrivalNs, tokens(parameters.context(), contexts), tokens(parameters.generated(), answers));
    }

    private double rateNow() {
        while (timeNs >= phaseEndNs) {
            burst = !burst;
            long mean = burst ? parameters.meanBurstNs() : parameters.meanCalmNs();
            phaseEndNs += (double) mean * bursts.nextExponential();
        }
        double turn = 2 * StrictMath.PI * timeNs / (double) parameters.swingPeriodNs();
        double slow = 1 + parameters.swing() * StrictMath.sin(turn);
        return parameters.ratePerSecond() * scale * slow * (burst ? parameters.burstFactor() : 1);
    }

    private static int tokens(LlmTraceParameters.Tokens lengths, RandomStream random) {
        double draw = lengths.median() * StrictMath.exp(lengths.sigma() * random.nextGaussian());
        return Math.clamp(Math.round(draw), lengths.least(), lengths.most());
    }

    /**
     * Writes a trace in the format that {@link LlmTraceReader} reads, from 2024-01-01 00:00:00 on.
     *
     * @return how many requests it has
     */
    public static long write(LlmTraceParameters parameters, Appendable output) throws IOException {
        LocalDateTime origin = LocalDateTime.of(2024, 1, 1, 0, 0);
        output.append(LlmTraceReader.HEADER).append('\n');
        LlmTraceGenerator generator = new LlmTraceGenerator(parameters);
        long count = 0;
        for (LlmRequest r = generator.next(); r != null; r = generator.next()) {
            LocalDateTime time = origin.plus(Duration.ofNanos(r.arrivalNs()));
            output.append(timestamp(time)).append(',');
            output.append(Integer.toString(r.contextTokens())).append(',');
            output.append(Integer.toString(r.generatedTokens())).append('\n');
            count++;
        }
        return count;
    }

    private static String timestamp(LocalDateTime time) {
        return time.toLocalDate()
                + " "
                + twoDigits(time.getHour())
                + ":"
                + twoDigits(time.getMinute())
                + ":"
                + twoDigits(time.getSecond())
                + "."
                + Long.toString(10_000_000L + time.getNano() / RESOLUTION_NS).substring(1);
    }

    private static String twoDigits(int value) {
        return value < 10 ? "0" + value : Integer.toString(value);
    }
}
