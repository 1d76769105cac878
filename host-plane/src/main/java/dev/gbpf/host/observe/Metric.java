package dev.gbpf.host.observe;

import java.util.List;
import java.util.Locale;

/** All metrics: the names, units and labels that others rely on. {@code docs/metrics.md} is made from them. */
public enum Metric {
    POLICY("gbpf_policy", Type.INFO, "The policy that decides.", "policy", "tag"),
    POLICY_PROGRAMS(
            "gbpf_policy_programs",
            Type.GAUGE,
            "Programs of the policy that decides, by what runs them now: the interpreter, or code made from them (jit).",
            "policy",
            "tier"),
    HOOK_DECISIONS("gbpf_hook_decisions", Type.COUNTER, "Decisions by hook and verdict.", "hook", "verdict"),
    HOOK_DECISION_SECONDS(
            "gbpf_hook_decision_seconds",
            Type.HISTOGRAM,
            "Time of a decision, of those that are timed: one of gbpf_hook_timed_one_of.",
            "hook"),
    HOOK_TIMED_ONE_OF(
            "gbpf_hook_timed_one_of", Type.GAUGE, "For how many decisions one timed one stands; 0: none is timed."),
    SLOW_DECISIONS(
            "gbpf_hook_slow_decisions", Type.COUNTER, "Timed decisions that took longer than the failsafe's limit."),
    JOBS_SUBMITTED("gbpf_jobs_submitted", Type.COUNTER, "Jobs that came in."),
    JOBS_DISPATCHED("gbpf_jobs_dispatched", Type.COUNTER, "Jobs that went to the device."),
    JOBS_REJECTED("gbpf_jobs_rejected", Type.COUNTER, "Jobs that a policy refused."),
    JOBS_ENDED("gbpf_jobs_ended", Type.COUNTER, "Jobs that the device has ended, by whether they failed.", "status"),
    JOBS_WAITING("gbpf_jobs_waiting", Type.GAUGE, "Jobs that wait in dispatch queues.", "tenant"),
    JOBS_INFLIGHT("gbpf_jobs_inflight", Type.GAUGE, "Jobs that the device holds.", "tenant"),
    VSLICE_ROOM("gbpf_vslice_room_jobs", Type.GAUGE, "Jobs that a vSlice could take now.", "vslice"),
    POLICY_ERRORS("gbpf_policy_errors", Type.COUNTER, "What policies did wrong without failing.", "error"),
    DEFERRALS("gbpf_deferrals", Type.COUNTER, "Jobs that on_admit put off."),
    MEMORY_WAITS("gbpf_memory_waits", Type.COUNTER, "Jobs that waited for device memory after a policy had sent them."),
    MEMORY_USED("gbpf_memory_used_bytes", Type.GAUGE, "Device memory that allocations of a tenant take.", "tenant"),
    MEMORY_SPILLED(
            "gbpf_memory_spilled_bytes", Type.GAUGE, "Allocations of a tenant that are in host memory.", "tenant"),
    MEMORY_WAITING("gbpf_memory_waiting_bytes", Type.GAUGE, "What a tenant has asked for and waits for.", "tenant"),
    MEMORY_LIMIT(
            "gbpf_memory_limit_bytes",
            Type.GAUGE,
            "Device memory that a tenant may count on (soft) and must not exceed (hard); 0: no limit.",
            "tenant",
            "limit"),
    COPIES_INFLIGHT(
            "gbpf_copies_inflight", Type.GAUGE, "Copies of a tenant that the device holds.", "tenant", "direction"),
    DEVICE_POWER("gbpf_device_power_watts", Type.GAUGE, "What the GPU draws; of a daemon for unmodified applications."),
    DEVICE_TEMPERATURE("gbpf_device_temperature_celsius", Type.GAUGE, "The GPU's temperature, likewise."),
    DEVICE_CLOCK("gbpf_device_clock_hertz", Type.GAUGE, "Clock of the GPU's SMs, likewise."),
    DEVICE_USE(
            "gbpf_device_use_ratio",
            Type.GAUGE,
            "Part of the GPU's last sampling period in which a kernel ran, likewise."),
    DEVICE_MEMORY_USED("gbpf_device_memory_used_bytes", Type.GAUGE, "Device memory in use by anybody, likewise."),
    BYPASS("gbpf_bypass", Type.COUNTER, "Policies that were taken out, by what tripped.", "reason"),
    QUARANTINED("gbpf_policies_quarantined", Type.GAUGE, "Policies in quarantine."),
    APPLICATIONS("gbpf_applications", Type.GAUGE, "Processes of a tenant that are attached.", "tenant"),
    APPLICATION_LAUNCHES(
            "gbpf_application_launches",
            Type.COUNTER,
            "Kernels and graphs that processes of a tenant have launched.",
            "tenant"),
    APPLICATION_HELD(
            "gbpf_application_held",
            Type.COUNTER,
            "Calls of a tenant's processes that had to wait for a credit.",
            "tenant"),
    APPLICATION_HELD_SECONDS(
            "gbpf_application_held_seconds", Type.COUNTER, "How long these waited, all together.", "tenant"),
    APPLICATION_FAIL_OPEN(
            "gbpf_application_fail_open",
            Type.COUNTER,
            "Calls of a tenant's processes that passed because there was no lease, or a hold had lasted too long.",
            "tenant"),
    APPLICATION_MEMORY(
            "gbpf_application_memory_bytes",
            Type.GAUGE,
            "Device memory that processes of a tenant have, as they count it.",
            "tenant"),
    APPLICATION_DEVICE_SECONDS(
            "gbpf_application_device_seconds",
            Type.COUNTER,
            "Estimated device time of the launches of a tenant's processes that are over.",
            "tenant"),
    CODE_CACHE_LOADS(
            "gbpf_code_cache_loads",
            Type.COUNTER,
            "Loads of policies by whether their compiled code was there (hit) or was made (miss).",
            "result"),
    CODE_CACHE_EVICTIONS("gbpf_code_cache_evictions", Type.COUNTER, "Compiled policies that gave way to others."),
    CODE_CACHE_ENTRIES("gbpf_code_cache_entries", Type.GAUGE, "Policies whose compiled code is kept."),
    CODE_CACHE_BYTES("gbpf_code_cache_bytes", Type.GAUGE, "Class files of compiled policies that are kept, together."),
    CODE_COMPILE_SECONDS("gbpf_code_compile_seconds", Type.COUNTER, "Time spent compiling policies.");

    /** Kinds of metrics. */
    public enum Type {
        /** Never falls; the name that others see ends in {@code _total}. */
        COUNTER("_total"),
        GAUGE(""),
        /** Classic buckets; further names end in {@code _bucket}, {@code _count} and {@code _sum}. */
        HISTOGRAM(""),
        /** Always 1; what it tells are its labels, and its name ends in {@code _info}. */
        INFO("_info");

        private final String suffix;

        Type(String suffix) {
            this.suffix = suffix;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String base;
    private final Type type;
    private final String help;
    private final List<String> labels;

    Metric(String base, Type type, String help, String... labels) {
        this.base = base;
        this.type = type;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** The name without the suffix of its type. */
    public String base() {
        return base;
    }

    /** The name that others see. */
    public String fullName() {
        return base + type.suffix;
    }

    public Type type() {
        return type;
    }

    /** One sentence. */
    public String help() {
        return help;
    }

    public List<String> labels() {
        return labels;
    }
}
