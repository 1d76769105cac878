package dev.gbpf.host.result;

import java.util.List;

/**
 * What happened between an activation and the next, as the plane counted it.
 *
 * @param policy the policy that decided
 * @param decisions how often the program of each hook ran, in the order of the hooks' ids
 * @param events how often other things happened that a policy's author wants to know of, such as failed updates or log
 *     entries; always the same ones, in the same order
 */
public record PolicyCounters(String policy, List<Count> decisions, List<Count> events) {
    public PolicyCounters {
        decisions = List.copyOf(decisions);
        events = List.copyOf(events);
    }

    /**
     * One counter.
     *
     * @param name the hook, or what happened, in words
     * @param count how often
     */
    public record Count(String name, long count) {}
}
