package dev.gbpf.host.scenario;

/**
 * A change of the policy while the run goes on.
 *
 * @param atNs when, ns; after the start and before the end of the run
 * @param to which policy decides from then on
 */
public record Swap(long atNs, PolicyRef to) {}
