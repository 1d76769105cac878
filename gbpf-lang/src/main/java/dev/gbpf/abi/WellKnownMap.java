package dev.gbpf.abi;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Maps whose names, kinds and values are part of the interface. A policy that declares one shares it with the plane: fields that
 * only the plane writes are up to date whenever a hook is asked that concerns them.
 */
public enum WellKnownMap {
    /** Device memory of each tenant. */
    MEMPOOL(
            "Device memory of each tenant, by its number. The plane writes the limits that are configured when both are 0, and"
                    + " keeps the other fields up to date. Limits may be changed at any time; it is the policy that keeps them.",
            MapKind.ARRAY,
            Constants.MAX_TENANTS,
            ContextLayout.builder("gbpf_mempool")
                    .out64("soft", "Bytes that the tenant may count on; 0 for all that is free.")
                    .out64("hard", "Bytes that it must not exceed; 0 for no limit.")
                    .amount("used", "Device memory that its allocations take, bytes.")
                    .amount("leaving", "Bytes of it that are free when moves that have begun are over.")
                    .amount("spilled", "Bytes of its allocations that are in host memory.")
                    .amount("waiting", "Bytes that its requests that wait ask for.")
                    .u32("allocations", 0, Integer.MAX_VALUE, "How many allocations take device memory.")
                    .u32("waits", 0, Integer.MAX_VALUE, "How many of its requests wait.")
                    .build()),
    /** What tenants may copy. */
    IO_BUDGETS(
            "What each tenant may copy, by its number. The plane writes what is configured when both are 0. They may be changed at any"
                    + " time; it is the policy that keeps them.",
            MapKind.ARRAY,
            Constants.MAX_TENANTS,
            ContextLayout.builder("gbpf_io_budget")
                    .out64("bytes_per_second", "Bytes a second of both directions together; 0 for no limit.")
                    .out64(
                            "burst_bytes",
                            "Bytes that may go at once after a pause; 0 for as few as the policy can do with.")
                    .build()),
    /** What the plane takes down of decisions. */
    OBS_CTRL(
            "What the plane takes down of the decisions of the policy that has it; element 0 is all there is. The plane looks when the policy"
                    + " begins and at each tick. Without the map nothing is traced.",
            MapKind.ARRAY,
            1,
            ContextLayout.builder("gbpf_obs_ctrl")
                    .out64("trace_one_of", "One decision of so many goes into the decision trace; 0 for none.")
                    .amount("traced", "Decisions that went into it since the plane began, as of the last tick.")
                    .build());

    private final String doc;
    private final MapKind kind;
    private final int entries;
    private final ContextLayout value;

    WellKnownMap(String doc, MapKind kind, int entries, ContextLayout value) {
        this.doc = doc;
        this.kind = kind;
        this.entries = entries;
        this.value = value;
    }

    /** What it is for, in one or two sentences. */
    public String doc() {
        return doc;
    }

    public MapKind kind() {
        return kind;
    }

    /** How many entries it has, exactly. */
    public int entries() {
        return entries;
    }

    /** The fields of an entry; those that are writable are the policy's and the user's, the others the plane's. */
    public ContextLayout value() {
        return value;
    }

    /** The struct of an entry as the policy language declares it. */
    public String declaration() {
        List<String> fields = value.fields().stream()
                .map(f -> f.name() + ": " + (f.width().bytes() == 4 ? "u32" : "u64"))
                .toList();
        return "{ " + String.join(", ", fields) + " }";
    }

    /** The well-known map of a name. */
    public static Optional<WellKnownMap> byName(String name) {
        return Arrays.stream(values()).filter(m -> m.name().equals(name)).findFirst();
    }
}
