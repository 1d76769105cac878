package dev.gbpf.host.result;

/**
 * Which run it was.
 *
 * @param scenario name of the scenario
 * @param seed seed of all random choices
 * @param durationNs measured virtual time, ns
 * @param tickNs period of the plane, ns
 */
public record RunInfo(String scenario, long seed, long durationNs, long tickNs) {}
