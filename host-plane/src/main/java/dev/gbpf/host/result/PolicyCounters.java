package dev.gbpf.host.result;

import java.util.List;

/**
 * What one activation of a policy did, as the plane counted it.
 *
 * @param policy its name
 * @param hooks decisions per hook, in the order of the hooks' ids; hooks that were never asked may be absent
 * @param failedUpdates map updates that failed
 * @param logEntries entries that it logged
 */
public record PolicyCounters(String policy, List<HookCount> hooks, long failedUpdates, long logEntries) {
    public PolicyCounters {
        hooks = List.copyOf(hooks);
    }

    /**
     * How often a hook was asked.
     *
     * @param hook its name
     * @param decisions how often its program decided
     */
    public record HookCount(String hook, long decisions) {}
}
