package dev.gbpf.host.failsafe;

import dev.gbpf.host.observe.Decision;
import java.util.List;
import java.util.Map;

/**
 * A plane at the moment before a policy was taken out. Everything in it is bounded, so that collecting it delays the bypass by
 * little; what was left out is counted.
 *
 * @param counters what the plane counted, by name
 * @param queues the dispatch queues that have jobs, the first {@value #QUEUES}
 * @param queuesLeftOut how many more
 * @param tenants all tenants
 * @param vslices all vSlices
 * @param collectives the collective operations that are under way, the oldest {@value #COLLECTIVES}
 * @param decisions the newest decisions, the newest last
 * @param maps the policy's maps
 */
public record ExitScene(
        Map<String, Long> counters,
        List<QueueState> queues,
        int queuesLeftOut,
        List<TenantState> tenants,
        List<VsliceState> vslices,
        List<CollectiveState> collectives,
        List<Decision> decisions,
        List<MapState> maps) {
    /** Queues, at most. */
    public static final int QUEUES = 256;

    /** Collective operations, at most. */
    public static final int COLLECTIVES = 64;

    /** Decisions, at most. */
    public static final int DECISIONS = 512;

    /** Entries of a map, at most. */
    public static final int MAP_ENTRIES = 16;

    /** Bytes of a key or value that are shown. */
    public static final int MAP_BYTES = 64;

    public ExitScene {
        queues = List.copyOf(queues);
        tenants = List.copyOf(tenants);
        vslices = List.copyOf(vslices);
        collectives = List.copyOf(collectives);
        decisions = List.copyOf(decisions);
        maps = List.copyOf(maps);
    }

    /**
     * A dispatch queue.
     *
     * @param order "fifo" or "vtime"
     * @param heldUntilNs when its head's deferral ends; {@link Long#MIN_VALUE} without one, {@link Long#MAX_VALUE} until something
     *     happens
     * @param headJob id of its first job
     * @param headTenant the first job's tenant
     * @param headSubmittedNs when that was submitted
     * @param headVtime the vtime that it was inserted with
     */
    public record QueueState(
            int id,
            String order,
            int length,
            long heldUntilNs,
            long headJob,
            int headTenant,
            long headSubmittedNs,
            long headVtime) {}

    /**
     * A tenant.
     *
     * @param waiting jobs that wait
     * @param inflight jobs that the device holds
     */
    public record TenantState(String name, int weight, int priority, int waiting, int inflight) {}

    /** Room of a vSlice. */
    public record VsliceState(int sms, int room) {}

    /**
     * A collective operation.
     *
     * @param entered ranks that have entered
     * @param started ranks that went to the device, those that are over among them
     * @param over ranks that are over
     * @param enteredNs when the first rank entered
     */
    public record CollectiveState(
            long communicator, long operation, int ranks, int entered, int started, int over, long enteredNs) {}

    /**
     * A map.
     *
     * @param kind its keyword
     * @param failedUpdates refused for lack of room
     * @param first some entries, hexadecimal, in the map's order
     */
    public record MapState(String name, String kind, int entries, long failedUpdates, List<EntryState> first) {
        public MapState {
            first = List.copyOf(first);
        }
    }

    /** An entry of a map, hexadecimal; longer ones are cut. */
    public record EntryState(String key, String value) {}
}
