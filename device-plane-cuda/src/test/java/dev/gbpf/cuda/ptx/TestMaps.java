package dev.gbpf.cuda.ptx;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.testkit.TestHook;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The maps of {@link TestHook} as far as a device has them: its hash of 4-byte keys is an array here. */
public final class TestMaps {
    public static final List<MapDefinition> DEFINITIONS = definitions();

    private static final Map<Integer, Long> OFFSETS = findOffsets();

    /** Helpers whose results depend on nothing but memory, and the clock. */
    private static final Set<Helper> HELPERS = EnumSet.of(
            Helper.MAP_LOOKUP_ELEM,
            Helper.MAP_UPDATE_ELEM,
            Helper.MAP_DELETE_ELEM,
            Helper.MAP_NEXT_SLOT,
            Helper.MAP_SLOT_KEY,
            Helper.MAP_SLOT_VALUE,
            Helper.KTIME_GET_NS,
            Helper.LOG);

    /** What programs see as the clock. */
    public static final long NOW = 1_234_567_890_123L;

    /** The plane, which helpers of maps do not ask. */
    public static final PlaneServices NOBODY = (PlaneServices) Proxy.newProxyInstance(
            PlaneServices.class.getClassLoader(), new Class<?>[] {PlaneServices.class}, (_, method, _) -> {
                throw new AssertionError("unexpected call of " + method);
            });

    private TestMaps() {}

    /** The helpers of programs with these maps. */
    public static HelperCalls helpers(List<BpfMap> maps) {
        HelperCalls dispatcher = new HelperDispatcher(maps);
        return (id, r1, r2, r3, r4, r5, services) -> id == Helper.KTIME_GET_NS.id()
                ? NOW
                : id == Helper.LOG.id() ? 0 : dispatcher.call(id, r1, r2, r3, r4, r5, services);
    }

    /** Where the values of each map are. */
    public static Map<Integer, MemorySegment> values(HelperCalls helpers) {
        Map<Integer, MemorySegment> values = new TreeMap<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment zero = arena.allocate(Long.BYTES);
            for (int map : offsets().keySet()) {
                long handle = HelperDispatcher.mapHandle(map);
                long address = helpers.call(Helper.MAP_LOOKUP_ELEM.id(), handle, zero.address(), 0, 0, 0, NOBODY);
                values.put(map, MemorySegment.ofAddress(address).reinterpret(bytes(DEFINITIONS.get(map))));
            }
        }
        return values;
    }

    private static List<MapDefinition> definitions() {
        List<MapDefinition> definitions = new ArrayList<>(TestHook.MAPS);
        MapDefinition hash = definitions.get(TestHook.HASH);
        definitions.set(
                TestHook.HASH,
                new MapDefinition(hash.name(), MapKind.ARRAY, hash.keySize(), hash.valueSize(), hash.maxEntries()));
        return definitions;
    }

    /** Whether a program uses no other maps and helpers than a device has, and none that give another result each time. */
    public static boolean areEnough(Program program) {
        return program.instructions().stream().allMatch(i -> switch (i) {
            case Instruction.CallHelper call -> isEnough(call);
            case Instruction.LoadPseudo load -> isArray(load.imm());
            default -> true;
        });
    }

    /** Whether a device has a helper, which gives the same result each time. */
    public static boolean isEnough(Instruction.CallHelper call) {
        return Helper.byId(call.id()).filter(HELPERS::contains).isPresent();
    }

    private static boolean isArray(int map) {
        MapKind kind = DEFINITIONS.get(map).kind();
        return kind == MapKind.ARRAY || kind == MapKind.PERCPU_ARRAY;
    }

    /** Where maps lie: one after the other, from 0 on. */
    public static Map<Integer, Long> offsets() {
        return OFFSETS;
    }

    /** What they take together. */
    public static long allBytes() {
        return OFFSETS.keySet().stream()
                .mapToLong(map -> bytes(DEFINITIONS.get(map)))
                .sum();
    }

    private static Map<Integer, Long> findOffsets() {
        Map<Integer, Long> offsets = new TreeMap<>();
        long next = 0;
        for (int i = 0; i < DEFINITIONS.size(); i++) {
            if (isArray(i)) {
                offsets.put(i, next);
                next += bytes(DEFINITIONS.get(i));
            }
        }
        return Collections.unmodifiableMap(offsets);
    }

    static long bytes(MapDefinition map) {
        return (long) map.stride() * map.maxEntries();
    }

    /** A map at an address. */
    static PtxMap map(int index, String address) {
        MapDefinition definition = DEFINITIONS.get(index);
        return PtxMap.of(definition, address, definition.kind().isPerCpu() ? bytes(definition) : 0);
    }

    /** All maps from an address on. */
    public static Map<Integer, PtxMap> at(long address) {
        Map<Integer, PtxMap> maps = new TreeMap<>();
        offsets().forEach((map, offset) -> maps.put(map, map(map, Long.toString(address + offset))));
        return maps;
    }
}
