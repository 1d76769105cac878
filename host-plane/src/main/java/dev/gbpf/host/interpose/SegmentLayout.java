package dev.gbpf.host.interpose;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** Java's view of {@code segment.h}, which says what each field means and who writes it. */
public final class SegmentLayout {
    public static final long MAGIC = 0x3147455346504247L;
    public static final int VERSION = 3;
    public static final int STREAMS = 64;
    /** Threads that count by themselves on a stream. */
    public static final int LANES = 2;

    public static final int DEVICES = 16;
    public static final int FUNCTIONS = 512;
    public static final int EVENTS = 4096;
    public static final int TENANT_NAME = 64;
    public static final int LEVERS = 8;
    /** A grant without end, unsigned. */
    public static final long UNLIMITED = -1L;

    static final int MODE_BYPASS = 0;
    static final int MODE_POLICY = 1;

    static final int STREAM_CAPTURE = 2;
    static final int STREAM_TRACKED = 4;
    static final int STREAM_COLLECTIVE = 8;

    public static final StructLayout HELLO = struct(
            "gbpf_hello",
            u64("magic"),
            u32("version"),
            u32("bytes"),
            u32("class_"),
            u32("attachment"),
            bytes("tenant", TENANT_NAME),
            bytes("command", TENANT_NAME));

    public static final StructLayout WELCOME = struct(
            "gbpf_welcome",
            u64("magic"),
            u32("version"),
            u32("status"),
            u64("client"),
            u32("tenant"),
            u32("reserved"),
            bytes("message", 96));

    public static final StructLayout HEAD = struct(
            "gbpf_segment_head",
            u64("magic"),
            u32("version"),
            u32("bytes"),
            u32("pid"),
            u32("class_"),
            u64("started_ns"),
            bytes("tenant", TENANT_NAME),
            bytes("command", TENANT_NAME),
            bytes("reserved", 32));

    public static final StructLayout ORDERS = struct(
            "gbpf_segment_orders",
            u32("sequence"),
            u32("mode"),
            u64("heartbeat_ns"),
            u64("lease_ns"),
            u64("hold_limit_ns"),
            u64("hold_epoch"),
            u32("track_every"),
            u32("track_ns"),
            u32("sample_every"),
            u32("record"),
            u64("stop_every_ns"),
            u32("timeslice_us"),
            u32("stream_priority"),
            u64("copy_bytes_per_second"),
            u64("copy_burst_bytes"),
            u64("copy_piece_bytes"),
            u32("partition"),
            u32("stopped"),
            u32s("reserved0", 6),
            u64s("quota_bytes", DEVICES));

    public static final StructLayout REPORT = struct(
            "gbpf_segment_report",
            u32("bell"),
            u32("steward"),
            u64("seen_ns"),
            u32("sequence"),
            u32("channel_groups"),
            u32("timeslice_us"),
            u32("timeslice_errors"),
            bytes("levers", LEVERS),
            u32("captures"),
            u32("entry_points"),
            u32("unwrapped"),
            u32("partition"),
            u32("partition_errors"),
            u32("detours"),
            u64("reserved4"),
            u64("graph_launches"),
            u64("copies"),
            u64("copied_bytes"),
            u64("held"),
            u64("held_ns"),
            u64("fail_open"),
            u64("held_too_long"),
            u64("collectives"),
            u64("refused_allocations"),
            u64("captured"),
            u64("reserved3"),
            u64("attachments"),
            u64s("reserved2", 3),
            u64s("memory_bytes", DEVICES));

    public static final StructLayout STREAM = struct(
            "gbpf_segment_stream",
            u64("granted_ns"),
            u32("grant"),
            u32("taken"),
            u64s("reserved0", 6),
            u32("owner"),
            u32("flags"),
            u64s("launched", LANES),
            u64s("launched_ns", LANES),
            u64s("kernels", LANES),
            u32("device"),
            u32("reserved2"),
            u32("completed"),
            u32("asked"),
            u32("gpu"),
            u32("partition"),
            u32s("reserved1", 12),
            u64("shared_launched"),
            u64("shared_launched_ns"),
            u64("shared_kernels"),
            u64("synchronized"),
            u64("wanted_ns"),
            u64("held_since_ns"),
            u32("waiters"),
            u32("passing"),
            u64("reserved3"));

    public static final StructLayout FUNCTION = struct(
            "gbpf_segment_function", u64("key"), u64("estimate_ns"), u64("launches"), u32("samples"), u32("plain"));

    public static final StructLayout EVENT = struct(
            "gbpf_segment_event",
            u64("ticket"),
            u64("time_ns"),
            u64("duration_ns"),
            u64("bytes"),
            u64("key"),
            u32("width"),
            u32("threads"),
            JAVA_SHORT.withName("stream"),
            JAVA_SHORT.withName("kind"),
            u32("number"),
            u32("held_ns"),
            u32("call_ns"));

    public static final StructLayout SEGMENT = struct(
            "gbpf_segment",
            HEAD.withName("head"),
            ORDERS.withName("orders"),
            REPORT.withName("report"),
            array("streams", STREAMS, STREAM),
            array("functions", FUNCTIONS, FUNCTION),
            u64("next_event"),
            u64s("reserved", 7),
            array("events", EVENTS, EVENT));

    // A layout's own arithmetic takes longer than what the plane does with a stream in a round.
    private static final long STREAMS_AT = field("streams");
    private static final long STREAM_BYTES = STREAM.byteSize();

    /** Bytes of a segment. */
    public static final int BYTES = (int) SEGMENT.byteSize();

    /** Where the words of the client's report are that say how each lever fares, one byte each. */
    public static final long REPORT_LEVERS = at("report", "levers");

    private SegmentLayout() {}

    /** Offset of a field of a part of the segment. */
    static long at(String part, String field) {
        return SEGMENT.byteOffset(PathElement.groupElement(part), PathElement.groupElement(field));
    }

    /** Offset of what is of no part of the segment. */
    static long field(String field) {
        return SEGMENT.byteOffset(PathElement.groupElement(field));
    }

    /** Offset of a field in its structure. */
    static long in(StructLayout struct, String field) {
        return struct.byteOffset(PathElement.groupElement(field));
    }

    /** Offset of a stream's place in the segment. */
    static long stream(int index) {
        return STREAMS_AT + index * STREAM_BYTES;
    }

    private static StructLayout struct(String name, MemoryLayout... members) {
        return MemoryLayout.structLayout(members).withName(name);
    }

    private static ValueLayout.OfInt u32(String name) {
        return JAVA_INT.withName(name);
    }

    private static ValueLayout.OfLong u64(String name) {
        return JAVA_LONG.withName(name);
    }

    private static SequenceLayout u32s(String name, int count) {
        return array(name, count, JAVA_INT);
    }

    private static SequenceLayout u64s(String name, int count) {
        return array(name, count, JAVA_LONG);
    }

    private static SequenceLayout bytes(String name, int count) {
        return array(name, count, JAVA_BYTE);
    }

    private static SequenceLayout array(String name, int count, MemoryLayout element) {
        return MemoryLayout.sequenceLayout(count, element).withName(name);
    }
}
