package dev.gbpf.host.workload;

import dev.gbpf.host.queue.Tenant;

/**
 * What became of a request.
 *
 * @param number its number in the trace
 * @param tenant whose it was
 * @param contextTokens tokens of the prompt
 * @param generatedTokens tokens that came out; fewer than asked for when it was not completed
 * @param arrivalNs when it came, ns
 * @param firstTokenNs when its prefill ended, ns; -1 when it did not
 * @param lastTokenNs when its last token came out, ns; -1 when none did
 * @param end how it ended
 */
public record RequestRecord(
        long number,
        Tenant tenant,
        int contextTokens,
        int generatedTokens,
        long arrivalNs,
        long firstTokenNs,
        long lastTokenNs,
        End end) {
    /** How a request ended. */
    public enum End {
        /** All its tokens came out. */
        COMPLETED,
        /** One of its jobs was rejected. */
        REJECTED,
        /** Its KV cache is larger than all the memory there is; no job was submitted. */
        TOO_LARGE,
        /** The device reported an error for one of its jobs. */
        FAILED
    }

    /** Time to the first token, ns; -1 when there is none. */
    public long timeToFirstTokenNs() {
        return firstTokenNs < 0 ? -1 : firstTokenNs - arrivalNs;
    }

    /** Mean time of the tokens after the first, ns; -1 with fewer than two tokens. */
    public long timePerOutputTokenNs() {
        return generatedTokens < 2 ? -1 : (lastTokenNs - firstTokenNs) / (generatedTokens - 1);
    }
}
