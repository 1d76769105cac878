package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.many;
import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u64;

import dev.gbpf.abi.Constants;
import java.lang.foreign.StructLayout;

/** What the control block writes for the host: {@code struct gbpf_host_status}. */
public final class HostStatusLayout {
    public static final StructLayout LAYOUT = struct(
            "gbpf_host_status",
            u64("tick"),
            u64("now_ns"),
            u32("state"),
            u32("launches"),
            u64("policy_epoch"),
            u64("handed_over"),
            u64("refused"),
            u64("misused"),
            u64("records_lost"),
            u64("slow_ns"),
            u32("slow_worker"),
            u32("slow_what"),
            u64("policy_settled"),
            u64("policy_ejected"),
            u64("policy_faults"),
            u64("map_answer"),
            u64("map_change"),
            u64("policy_ticking"),
            many("tenants", Constants.MAX_TENANTS, TenantStatusLayout.LAYOUT));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long TICK = offset(LAYOUT, "tick");
    public static final long NOW_NS = offset(LAYOUT, "now_ns");
    public static final long STATE = offset(LAYOUT, "state");
    public static final long LAUNCHES = offset(LAYOUT, "launches");
    public static final long POLICY_EPOCH = offset(LAYOUT, "policy_epoch");
    public static final long HANDED_OVER = offset(LAYOUT, "handed_over");
    public static final long REFUSED = offset(LAYOUT, "refused");
    public static final long MISUSED = offset(LAYOUT, "misused");
    public static final long RECORDS_LOST = offset(LAYOUT, "records_lost");
    public static final long SLOW_NS = offset(LAYOUT, "slow_ns");
    public static final long SLOW_WORKER = offset(LAYOUT, "slow_worker");
    public static final long SLOW_WHAT = offset(LAYOUT, "slow_what");
    public static final long POLICY_SETTLED = offset(LAYOUT, "policy_settled");
    public static final long POLICY_EJECTED = offset(LAYOUT, "policy_ejected");
    public static final long POLICY_FAULTS = offset(LAYOUT, "policy_faults");
    public static final long MAP_ANSWER = offset(LAYOUT, "map_answer");
    public static final long MAP_CHANGE = offset(LAYOUT, "map_change");
    public static final long POLICY_TICKING = offset(LAYOUT, "policy_ticking");
    public static final long TENANTS = offset(LAYOUT, "tenants");

    private HostStatusLayout() {}
}
