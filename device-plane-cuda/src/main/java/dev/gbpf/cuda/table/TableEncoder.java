package dev.gbpf.cuda.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.abi.Hook;
import dev.gbpf.cuda.vm.MapAddresses;
import dev.gbpf.cuda.vm.MicroOpEncoder;
import dev.gbpf.cuda.vm.MicroOps;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Turns what a device runs of a policy into the bytes of a policy table. */
final class TableEncoder {
    private static final long MAPS_AT = TableLayout.TABLE.byteSize();
    private static final long OPERATIONS_AT = MAPS_AT + TableLayout.MAPS * TableLayout.MAP.byteSize();

    /** Bytes that every table fits into. */
    static final long BYTES = OPERATIONS_AT + (long) (TableLayout.ADMIT_ROOM + TableLayout.TICK_ROOM) * MicroOps.BYTES;

    private TableEncoder() {}

    /**
     * The maps that a device's programs use, by index.
     *
     * @throws IllegalArgumentException when they use one that the device cannot have
     */
    static SortedSet<Integer> usedMaps(DevicePolicy policy) {
        SortedSet<Integer> used = new TreeSet<>();
        for (DeviceProgram program : policy.programs()) {
            for (Instruction instruction : program.program().instructions()) {
                if (instruction instanceof Instruction.LoadPseudo load && isMap(load.kind())) {
                    used.add(load.imm());
                }
            }
        }
        for (int map : used) {
            MapDefinition definition = policy.maps().get(map);
            if (map >= TableLayout.MAPS) {
                throw new IllegalArgumentException("policy " + policy.name() + ": map " + definition.name()
                        + " is number " + map + "; device programs reach the first " + TableLayout.MAPS);
            }
            if (!DeviceMap.isSupported(definition.kind())) {
                throw new IllegalArgumentException("policy " + policy.name() + ": map " + definition.name()
                        + " is of kind " + definition.kind().keyword()
                        + "; device programs can use array, percpu_array, hash, lru_hash, snapshot and counters");
            }
        }
        return used;
    }

    private static boolean isMap(PseudoKind kind) {
        return switch (kind) {
            case MAP_BY_FD, MAP_BY_INDEX, MAP_VALUE_BY_FD, MAP_VALUE_BY_INDEX -> true;
            case VARIABLE, CODE -> false;
        };
    }

    /**
     * The micro-operations of a policy's programs.
     *
     * @param maps where the maps are that they use, by index
     * @throws IllegalArgumentException when a block has no room for them
     */
    static Map<Hook, MicroOps> operations(DevicePolicy policy, Map<Integer, DeviceMap> maps) {
        Map<Hook, MicroOps> encoded = new EnumMap<>(Hook.class);
        int ticks = 0;
        for (DeviceProgram program : policy.programs()) {
            MicroOps operations = MicroOpEncoder.encode(program.program(), addresses(maps));
            encoded.put(program.hook(), operations);
            if (program.hook() == Hook.CTA_ADMIT) {
                checkRoom(policy, "cta_admit has", operations.count(), TableLayout.ADMIT_ROOM);
            } else {
                ticks += operations.count();
            }
        }
        checkRoom(policy, "all hooks but cta_admit together have", ticks, TableLayout.TICK_ROOM);
        return encoded;
    }

    private static void checkRoom(DevicePolicy policy, String what, int count, int room) {
        if (count > room) {
            throw new IllegalArgumentException("policy " + policy.name() + ": " + what + " " + count
                    + " operations on the device, and a block has room for " + room);
        }
    }

    private static MapAddresses addresses(Map<Integer, DeviceMap> maps) {
        return (map, offset) -> {
            DeviceMap to = maps.get(map);
            if (to == null || !to.definition().kind().isDirect() || offset < 0 || offset >= to.bytes()) {
                throw new IllegalArgumentException("map number " + map + " has no value at offset=" + offset);
            }
            return to.address() + offset;
        };
    }

    /**
     * A table.
     *
     * @param epoch of the table, at least 1
     * @param base where the device will have it
     * @param fault where the record of a fault goes
     * @param log where the log is
     * @param arena how long the bytes last
     */
    static MemorySegment encode(
            DevicePolicy policy,
            Map<Hook, MicroOps> operations,
            SortedMap<Integer, DeviceMap> maps,
            long epoch,
            long base,
            long fault,
            long log,
            Arena arena) {
        int mapCount = maps.isEmpty() ? 0 : maps.lastKey() + 1;
        int count = operations.values().stream().mapToInt(MicroOps::count).sum();
        MemorySegment table = arena.allocate(OPERATIONS_AT + (long) count * MicroOps.BYTES, Long.BYTES);
        set(table, "epoch", epoch);
        set(table, "version", TableLayout.VERSION);
        set(table, "maps", mapCount);
        set(table, "operations", count);
        set(table, "maps_address", base + MAPS_AT);
        set(table, "operations_address", base + OPERATIONS_AT);
        set(table, "fault_address", fault);
        set(table, "log_address", log);
        for (Entry<Integer, DeviceMap> map : maps.entrySet()) {
            map.getValue().describe(table.asSlice(MAPS_AT + map.getKey() * TableLayout.MAP.byteSize()));
        }
        int first = 0;
        for (DeviceProgram program : policy.programs()) {
            long[] words =
                    Objects.requireNonNull(operations.get(program.hook())).words();
            MemorySegment.copy(words, 0, table, JAVA_LONG, OPERATIONS_AT + (long) first * MicroOps.BYTES, words.length);
            MemorySegment entry = table.asSlice(TableLayout.program(program.hook()));
            entry.set(JAVA_INT, TableLayout.offset(TableLayout.PROGRAM, "first"), first);
            entry.set(JAVA_INT, TableLayout.offset(TableLayout.PROGRAM, "count"), words.length / 2);
            entry.set(JAVA_INT, TableLayout.offset(TableLayout.PROGRAM, "jumps"), program.jumps());
            first += words.length / 2;
        }
        return table;
    }

    private static void set(MemorySegment table, String field, long value) {
        table.set(JAVA_LONG, TableLayout.offset(TableLayout.TABLE, field), value);
    }

    private static void set(MemorySegment table, String field, int value) {
        table.set(JAVA_INT, TableLayout.offset(TableLayout.TABLE, field), value);
    }
}
