package dev.gbpf.host.result;

/**
 * How a run ended.
 *
 * @param outcome one word: "completed", "time_limit" or "stalled"
 * @param explanation the same in a sentence
 * @param atNs virtual time at which it stopped, ns
 */
public record Ending(String outcome, String explanation, long atNs) {}
