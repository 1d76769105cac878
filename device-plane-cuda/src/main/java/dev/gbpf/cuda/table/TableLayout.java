package dev.gbpf.cuda.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.abi.Hook;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/** Java's view of {@code gbpf/table.h}; a test compares them. */
final class TableLayout {
    static final int VERSION = 4;
    static final int FIRST_HOOK = 64;
    static final int HOOKS = 6;
    static final int ADMIT_ROOM = 1024;
    static final int TICK_ROOM = 2048;
    static final int MAPS = 64;
    static final int LOG_ENTRIES = 1024;
    /** Bytes of stack that a compiled program may take. */
    static final int CODE_STACK_BYTES = 4096;

    private static final int REGISTERS = 11;

    static final StructLayout MAP = MemoryLayout.structLayout(
                    JAVA_INT.withName("kind"),
                    JAVA_INT.withName("key_size"),
                    JAVA_INT.withName("value_size"),
                    JAVA_INT.withName("max_entries"),
                    JAVA_LONG.withName("address"),
                    JAVA_INT.withName("read_only"),
                    JAVA_INT.withName("cpus"))
            .withName("gbpf_map");

    static final StructLayout HASH = MemoryLayout.structLayout(
                    MAP.withName("map"),
                    JAVA_LONG.withName("call"),
                    MemoryLayout.paddingLayout(88),
                    JAVA_LONG.withName("free"),
                    MemoryLayout.paddingLayout(120),
                    JAVA_LONG.withName("fresh"),
                    MemoryLayout.paddingLayout(120),
                    JAVA_LONG.withName("hand"),
                    MemoryLayout.paddingLayout(120),
                    JAVA_LONG.withName("refused"),
                    JAVA_LONG.withName("busy"),
                    MemoryLayout.paddingLayout(112))
            .withName("gbpf_hash");

    static final StructLayout HASH_SLOT = MemoryLayout.structLayout(
                    JAVA_INT.withName("next"),
                    JAVA_INT.withName("tag"),
                    JAVA_INT.withName("generation"),
                    JAVA_INT.withName("mark"))
            .withName("gbpf_hash_slot");

    static final StructLayout MAP_CHANGE = MemoryLayout.structLayout(
                    JAVA_LONG.withName("hash"),
                    JAVA_LONG.withName("helper"),
                    JAVA_LONG.withName("key_address"),
                    JAVA_LONG.withName("value_address"),
                    JAVA_LONG.withName("flags"))
            .withName("gbpf_map_change");

    static final StructLayout PROGRAM = MemoryLayout.structLayout(
                    JAVA_INT.withName("first"),
                    JAVA_INT.withName("count"),
                    JAVA_INT.withName("jumps"),
                    MemoryLayout.paddingLayout(4))
            .withName("gbpf_table_program");

    static final StructLayout TABLE = MemoryLayout.structLayout(
                    JAVA_LONG.withName("epoch"),
                    JAVA_INT.withName("version"),
                    JAVA_INT.withName("maps"),
                    JAVA_INT.withName("operations"),
                    MemoryLayout.paddingLayout(4),
                    JAVA_LONG.withName("maps_address"),
                    JAVA_LONG.withName("operations_address"),
                    JAVA_LONG.withName("fault_address"),
                    JAVA_LONG.withName("log_address"),
                    JAVA_LONG.withName("code_address"),
                    MemoryLayout.sequenceLayout(HOOKS, PROGRAM).withName("programs"))
            .withName("gbpf_policy_table");

    static final StructLayout FAULT = MemoryLayout.structLayout(
                    JAVA_LONG.withName("epoch"),
                    JAVA_INT.withName("kind"),
                    JAVA_INT.withName("hook"),
                    JAVA_INT.withName("at"),
                    JAVA_INT.withName("tenant"),
                    JAVA_INT.withName("vslice"),
                    JAVA_INT.withName("block"),
                    JAVA_LONG.withName("now_ns"),
                    MemoryLayout.sequenceLayout(REGISTERS, JAVA_LONG).withName("registers"))
            .withName("gbpf_policy_fault");

    static final StructLayout LOG_ENTRY = MemoryLayout.structLayout(
                    JAVA_LONG.withName("position"),
                    JAVA_LONG.withName("now_ns"),
                    JAVA_LONG.withName("tag"),
                    JAVA_LONG.withName("value"))
            .withName("gbpf_log_entry");

    static final StructLayout LOG = MemoryLayout.structLayout(
                    JAVA_LONG.withName("count"),
                    MemoryLayout.paddingLayout(120),
                    MemoryLayout.sequenceLayout(LOG_ENTRIES, LOG_ENTRY).withName("entries"))
            .withName("gbpf_policy_log");

    private TableLayout() {}

    /** Where a field begins. */
    static long offset(StructLayout struct, String field) {
        return struct.byteOffset(PathElement.groupElement(field));
    }

    /** Where a hook's program is in a table. */
    static long program(Hook hook) {
        return offset(TABLE, "programs") + (hook.id() - FIRST_HOOK) * PROGRAM.byteSize();
    }
}
