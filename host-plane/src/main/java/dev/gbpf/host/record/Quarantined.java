package dev.gbpf.host.record;

import java.time.Instant;

/**
 * A policy that must not decide before an operator releases it.
 *
 * @param tag hash of its behaviour, shortened; its key
 * @param policy its name
 * @param reason what tripped last
 * @param since by the wall clock
 */
public record Quarantined(String tag, String policy, String reason, Instant since) {}
