package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;

/**
 * A request to a language model.
 *
 * @param number from 0, in order of arrival
 * @param arrivalNs since the first request of its trace, ns
 * @param contextTokens tokens of the prompt, at least 1
 * @param generatedTokens tokens of the answer, the first of which comes out of the prefill; 0 for a request that ends with it
 */
public record LlmRequest(long number, long arrivalNs, int contextTokens, int generatedTokens) {
    /** The most tokens that a prompt or an answer may have. */
    public static final int MAX_TOKENS = 1 << 20;

    public LlmRequest {
        String owner = "request " + number;
        Checks.inRange(owner, "arrivalNs", arrivalNs, 0, Long.MAX_VALUE / 4);
        Checks.inRange(owner, "contextTokens", contextTokens, 1, MAX_TOKENS);
        Checks.inRange(owner, "generatedTokens", generatedTokens, 0, MAX_TOKENS);
    }
}
