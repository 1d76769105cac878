package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;

/**
 * What a generated trace of LLM requests looks like. Arrivals are Poisson with the rate {@code ratePerSecond * (1 + swing *
 * sin(2 pi t / swingPeriodNs)) * (burst ? burstFactor : 1)}, in which bursts come and go with exponential lengths, and the
 * whole is scaled so that the mean stays {@code ratePerSecond}. Lengths are lognormal, cut off.
 *
 * @param seed of all draws
 * @param durationNs length of the trace, ns
 * @param ratePerSecond mean rate, requests a second
 * @param swing slow change of the rate, part of it, 0 to 0.95
 * @param swingPeriodNs period of the slow change, ns
 * @param burstFactor rate within a burst, times the rate outside, 1 to 100
 * @param meanBurstNs mean length of a burst, ns
 * @param meanCalmNs mean time between bursts, ns
 * @param context lengths of prompts
 * @param generated lengths of answers
 */
public record LlmTraceParameters(
        long seed,
        long durationNs,
        double ratePerSecond,
        double swing,
        long swingPeriodNs,
        double burstFactor,
        long meanBurstNs,
        long meanCalmNs,
        Tokens context,
        Tokens generated) {
    /**
     * A lognormal number of tokens.
     *
     * @param median median, tokens
     * @param sigma standard deviation of the natural logarithm
     * @param least least value, tokens; draws below become it
     * @param most greatest value, tokens; draws above become it
     */
    public record Tokens(double median, double sigma, int least, int most) {
        public Tokens {
            Checks.inRange("tokens", "median", median, 1.0, LlmRequest.MAX_TOKENS);
            Checks.inRange("tokens", "sigma", sigma, 0.0, 5.0);
            Checks.inRange("tokens", "least", least, 1, LlmRequest.MAX_TOKENS);
            Checks.inRange("tokens", "most", most, least, LlmRequest.MAX_TOKENS);
        }
    }

    public LlmTraceParameters {
        String owner = "trace";
        Checks.timeNs(owner, "durationNs", durationNs, 1);
        Checks.inRange(owner, "ratePerSecond", ratePerSecond, 1e-6, 1e6);
        Checks.inRange(owner, "swing", swing, 0.0, 0.95);
        Checks.timeNs(owner, "swingPeriodNs", swingPeriodNs, 1);
        Checks.inRange(owner, "burstFactor", burstFactor, 1.0, 100.0);
        Checks.timeNs(owner, "meanBurstNs", meanBurstNs, 1);
        Checks.timeNs(owner, "meanCalmNs", meanCalmNs, 1);
    }

    /**
     * Like the conversation trace of the Azure Public Dataset (November 2023): 5.5 requests a second that swing by a third
     * within the hour, prompts of 760 tokens and answers of 151 in the geometric mean.
     */
    public static LlmTraceParameters conversation(long seed, long durationNs) {
        return new LlmTraceParameters(
                seed,
                durationNs,
                5.53,
                0.33,
                3_600_000_000_000L,
                1.8,
                4_000_000_000L,
                16_000_000_000L,
                new Tokens(760.0, 0.985, 2, 14_050),
                new Tokens(151.0, 0.859, 7, 1_000));
    }
}
