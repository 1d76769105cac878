package dev.gbpf.host.result;

/**
 * A text that the run was made from, kept so that a report explains itself.
 *
 * @param role what it is: "scenario" or "policy"
 * @param name its name without any folder
 * @param text the whole text
 */
public record SourceText(String role, String name, String text) {}
