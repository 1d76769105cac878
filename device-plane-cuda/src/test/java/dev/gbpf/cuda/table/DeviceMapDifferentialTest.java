package dev.gbpf.cuda.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.Disassembler;
import dev.gbpf.cuda.cpu.NativeMaps;
import dev.gbpf.cuda.ptx.PtxMachine;
import dev.gbpf.cuda.ptx.PtxMap;
import dev.gbpf.cuda.ptx.PtxModule;
import dev.gbpf.cuda.ptx.TestMaps;
import dev.gbpf.cuda.vm.MapAddresses;
import dev.gbpf.cuda.vm.MicroOpEncoder;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.testkit.RandomCode;
import dev.gbpf.verifier.testkit.RandomInputs;
import dev.gbpf.verifier.testkit.TestHook;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random verified programs do the same with maps that lie on a device as with the host's, in the device's interpreter and as PTX: the same
 * results, contexts and entries, slot by slot. {@code -Dgbpf.long=true} tries 100,000 programs.
 */
class DeviceMapDifferentialTest {
    private static final int PROGRAMS =
            Integer.getInteger("gbpf.differential.programs", Boolean.getBoolean("gbpf.long") ? 100_000 : 60);
    private static final int RUNS = 3;
    private static final long SEED = Long.getLong("gbpf.differential.seed", 20_261_127L);
    private static final long CODE = 0x7000_1000L;
    private static final long REGION = 1 << 16;

    private static List<MapDefinition> definitions(boolean isLru) {
        List<MapDefinition> definitions = new ArrayList<>(TestHook.MAPS);
        MapDefinition wide = definitions.get(TestHook.WIDE);
        if (isLru) {
            definitions.set(
                    TestHook.WIDE,
                    new MapDefinition(
                            wide.name(), MapKind.LRU_HASH, wide.keySize(), wide.valueSize(), wide.maxEntries()));
        }
        return definitions;
    }

    private static boolean isForDevice(Program program) {
        return program.instructions().stream().allMatch(i -> switch (i) {
            case Instruction.CallHelper call -> TestMaps.isEnough(call);
            case Instruction.LoadPseudo load ->
                DeviceMap.isSupported(TestHook.MAPS.get(load.imm()).kind());
            default -> true;
        });
    }

    @Test
    void randomPrograms_withMapsOnTheDevice_doAsOnTheHost() {
        NativeMaps.assumeAvailable();
        Verifier verifier = new Verifier();
        int tried = 0;
        int hashed = 0;
        for (long seed = SEED; tried < PROGRAMS; seed++) {
            Random random = new Random(seed);
            Program program = RandomCode.generateForDevice(random);
            List<MapDefinition> definitions = definitions(random.nextBoolean());
            if (isForDevice(program)
                    && verifier.analyse(program, TestHook.ANY_VERDICT, definitions)
                            .isAccepted()) {
                long inputs = random.nextLong();
                long failed = seed;
                List<String> host = new Run(program, inputs, definitions).onTheHost();
                assertThat(new Run(program, inputs, definitions).interpreted())
                        .as(() -> "interpreted, " + text(failed, program))
                        .isEqualTo(host);
                assertThat(new Run(program, inputs, definitions).compiled())
                        .as(() -> "compiled, " + text(failed, program))
                        .isEqualTo(host);
                tried++;
                hashed += usesHash(program) ? 1 : 0;
            }
        }
        assertThat(hashed).isGreaterThan(PROGRAMS / 4);
    }

    private static String text(long seed, Program program) {
        return program.instructions().stream()
                .map(Disassembler::text)
                .collect(Collectors.joining("\n", "seed " + seed + "\n", ""));
    }

    private static boolean usesHash(Program program) {
        return program.instructions().stream()
                .anyMatch(i -> i instanceof Instruction.LoadPseudo load
                        && !TestHook.MAPS.get(load.imm()).kind().isIndexed());
    }

    /** A program, and what it finds. */
    private static final class Run {
        private final Program program;
        private final List<MapDefinition> definitions;
        private final RandomInputs inputs;
        private final Random random;
        private final List<String> outcome = new ArrayList<>();

        /** One run. */
        private interface Once {
            long run(MemorySegment context);
        }

        Run(Program program, long seed, List<MapDefinition> definitions) {
            this.program = program;
            this.definitions = definitions;
            this.inputs = new RandomInputs(program, new Random(seed));
            this.random = new Random(seed);
        }

        /** Entries of a map before the first run. */
        private List<BpfMap.Entry> entries(MapDefinition definition) {
            List<BpfMap.Entry> entries = new ArrayList<>();
            if (!definition.readOnly()) {
                int count = definition.kind().isIndexed() ? 1 : random.nextInt(definition.maxEntries() + 1);
                for (int i = 0; i < count; i++) {
                    byte[] key = new byte[definition.keySize()];
                    key[0] = (byte) i;
                    entries.add(new BpfMap.Entry(key, inputs.memory(definition.valueSize())));
                }
            }
            return entries;
        }

        private void runs(Once once, Arena arena) {
            for (int i = 0; i < RUNS; i++) {
                byte[] bytes = inputs.context(TestHook.CONTEXT);
                MemorySegment context = arena.allocate(bytes.length, 8);
                MemorySegment.copy(bytes, 0, context, ValueLayout.JAVA_BYTE, 0, bytes.length);
                outcome.add(Long.toHexString(once.run(context)) + " " + hex(context.toArray(ValueLayout.JAVA_BYTE)));
            }
        }

        private static String hex(byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }

        private void add(String map, byte[] key, byte[] value) {
            outcome.add(map + " " + hex(key) + "=" + hex(value));
        }

        List<String> onTheHost() {
            List<BpfMap> maps = new ArrayList<>();
            try (Arena arena = Arena.ofConfined()) {
                for (MapDefinition definition : definitions) {
                    BpfMap map = MapFactory.create(definition, arena);
                    maps.add(map);
                    if (DeviceMap.isSupported(definition.kind())) {
                        entries(definition).forEach(e -> map.put(e.key(), e.value(), BpfMap.ANY));
                    }
                }
                InterpretedProgram ready = new InterpretedProgram(program, maps, TestMaps.helpers(maps), arena);
                runs(context -> ready.run(context.address(), TestMaps.NOBODY), arena);
                maps.stream()
                        .filter(map -> DeviceMap.isSupported(map.definition().kind()))
                        .forEach(map -> map.forEach((key, value) -> add(map.name(), key, value)));
            }
            return outcome;
        }

        List<String> interpreted() {
            try (Arena arena = Arena.ofConfined()) {
                Map<Integer, DeviceMap> maps = deviceMaps(new TestRegion(REGION, arena), arena);
                long[] words = MicroOpEncoder.encode(program, addresses(maps)).words();
                MemorySegment table = arena.allocate(TableLayout.MAP.byteSize() * definitions.size(), 8);
                maps.forEach((index, map) -> map.describe(table.asSlice(index * TableLayout.MAP.byteSize())));
                runs(
                        context -> NativeMaps.run(words, context.address(), table, definitions.size(), TestMaps.NOW),
                        arena);
                addEntries(maps);
            }
            return outcome;
        }

        List<String> compiled() {
            try (Arena arena = Arena.ofConfined()) {
                TestRegion region = new TestRegion(REGION, arena);
                Map<Integer, DeviceMap> maps = deviceMaps(region, arena);
                Map<Integer, PtxMap> places = new TreeMap<>();
                maps.forEach((index, map) -> places.put(
                        index,
                        PtxMap.of(
                                map.definition(),
                                Long.toString(map.address()),
                                map instanceof DeviceArray array
                                                && map.definition().kind().isPerBlock()
                                        ? array.rowBytes()
                                        : 0)));
                String ptx = new PtxModule().add("program", program, places).text();
                PtxMachine machine = new PtxMachine(ptx, (function, r) -> {
                    assertThat(function).isEqualTo(CODE);
                    return NativeMaps.call(r[0], r[1], r[2], r[3], r[4]);
                });
                machine.allow(MemorySegment.ofAddress(region.address()).reinterpret(region.bytes()));
                runs(
                        context -> {
                            machine.allow(context);
                            return machine.call("program", context.address(), TestMaps.NOW, 0, 0);
                        },
                        arena);
                addEntries(maps);
            }
            return outcome;
        }

        private Map<Integer, DeviceMap> deviceMaps(TestRegion region, Arena arena) {
            Map<Integer, DeviceMap> maps = new TreeMap<>();
            DeviceHeap heap = new DeviceHeap(region);
            MapChanges changes = new MapChanges(new FakeChannel(), heap);
            for (int i = 0; i < definitions.size(); i++) {
                MapDefinition definition = definitions.get(i);
                if (DeviceMap.isSupported(definition.kind())) {
                    DeviceMap map = DeviceMap.create(definition, 1, heap, changes);
                    maps.put(i, map);
                    if (map instanceof DeviceHash hash) {
                        // As the kernel does.
                        MemorySegment.ofAddress(hash.address())
                                .reinterpret(hash.bytes())
                                .set(ValueLayout.JAVA_LONG, TableLayout.offset(TableLayout.HASH, "call"), CODE);
                    }
                    entries(definition).forEach(e -> put(map, e.key(), e.value(), arena));
                }
            }
            return maps;
        }

        private static void put(DeviceMap map, byte[] key, byte[] value, Arena arena) {
            switch (map) {
                case DeviceArray array -> array.put(0, 0, value);
                case DeviceHash hash -> {
                    MemorySegment k = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
                    MemorySegment v = arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
                    assertThat(NativeMaps.call(
                                    hash.address(), Helper.MAP_UPDATE_ELEM, k.address(), v.address(), BpfMap.ANY))
                            .isZero();
                }
            }
        }

        private void addEntries(Map<Integer, DeviceMap> maps) {
            maps.values().forEach(map -> {
                switch (map) {
                    case DeviceArray array -> {
                        for (int i = 0; i < map.definition().maxEntries(); i++) {
                            add(map.definition().name(), new byte[] {(byte) i, 0, 0, 0}, array.get(i, 0));
                        }
                    }
                    case DeviceHash hash ->
                        hash.entries().forEach(e -> add(map.definition().name(), e.key(), e.value()));
                }
            });
        }

        private static MapAddresses addresses(Map<Integer, DeviceMap> maps) {
            return (map, offset) -> {
                DeviceMap to = maps.get(map);
                assertThat(to).isNotNull();
                return to.address() + offset;
            };
        }
    }
}
