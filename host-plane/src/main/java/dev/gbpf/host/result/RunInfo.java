package dev.gbpf.host.result;

/**
 * Which run it was.
 *
 * @param scenario name of the scenario
 * @param label the policies that it ran under, in order
 * @param seed seed of all random choices
 * @param durationNs measured virtual time, ns
 * @param tickNs period of the plane, ns
 */
public record RunInfo(String scenario, String label, long seed, long durationNs, long tickNs) {}
