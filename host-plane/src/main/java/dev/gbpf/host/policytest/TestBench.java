package dev.gbpf.host.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.engine.CodeCache;
import dev.gbpf.host.engine.CodeCache.CodeKey;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.map.RingBufferMap;
import dev.gbpf.host.map.RingBufferReader;
import dev.gbpf.host.plane.SteppedPlane;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.lang.policytest.CodeFragment;
import dev.gbpf.lang.sema.FragmentAnalyzer;
import dev.gbpf.object.DataLayout;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.MapTypes;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.object.ValueText;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one test runs on: fresh maps, the array of values among them, the policy's programs and a plane. */
final class TestBench implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final List<BpfMap> maps = new ArrayList<>();
    /** What was read from ring buffers, by their names. */
    private final Map<String, List<byte[]>> emitted = new HashMap<>();

    private final BpfMap values;
    private final Map<Hook, ExecutableProgram> programs = new EnumMap<>(Hook.class);
    private final SteppedPlane plane = new SteppedPlane(arena);
    private final byte[] context = new byte[FragmentAnalyzer.HOOK.context().size()];

    TestBench(PolicyObject policy, ProgramLinker linker) {
        try {
            policy.maps().forEach(m -> maps.add(MapFactory.create(m)));
            values = MapFactory.create(new MapDefinition(
                    FragmentAnalyzer.VALUES, MapKind.ARRAY, Integer.BYTES, Long.BYTES, CodeFragment.CAPACITY));
            maps.add(values);
            List<ExecutableProgram> linked = linker.link(
                    new CodeKey(ObjectHash.of(policy), CodeCache.Target.HOST_JVM),
                    policy.programs().stream().map(ProgramObject::program).toList(),
                    maps,
                    arena,
                    0);
            for (int i = 0; i < linked.size(); i++) {
                programs.put(policy.programs().get(i).hook(), linked.get(i));
            }
        } catch (IllegalArgumentException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    SteppedPlane plane() {
        return plane;
    }

    @Nullable
    ExecutableProgram program(Hook hook) {
        return programs.get(hook);
    }

    /** Runs the code of a step; 0, or the number of the demand that was not met. */
    int run(CodeFragment code) {
        set(CodeFragment.STATUS, 0);
        ProgramObject program = code.object().programs().getFirst();
        try (Arena call = Arena.ofConfined()) {
            long address = call.allocate(context.length, 64).address();
            new InterpretedProgram(program.program(), maps, call).run(address, plane.helpers());
        }
        return (int) get(CodeFragment.STATUS);
    }

    /** An element of the array of values. */
    long get(int element) {
        byte[] bytes = values.get(element).orElseThrow();
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** The value of an entry in words; nothing when it is absent or nobody knows what its bytes mean. */
    Optional<String> value(String map, long key) {
        for (BpfMap candidate : maps) {
            MapTypes types = candidate.definition().types();
            if (candidate.name().equals(map) && types != null) {
                long mask =
                        types.key().size() < Long.BYTES ? (1L << (types.key().size() * Byte.SIZE)) - 1 : -1;
                return candidate.get(key & mask).map(bytes -> ValueText.of(types.value(), bytes));
            }
        }
        return Optional.empty();
    }

    /** The records that were emitted to a ring buffer since the test began, in order, and what they are. */
    Records emitted(String map) {
        for (BpfMap candidate : maps) {
            if (candidate instanceof RingBufferMap ring && ring.name().equals(map)) {
                List<byte[]> records = emitted.computeIfAbsent(map, _ -> new ArrayList<>());
                new RingBufferReader(ring).drain(records::add, Integer.MAX_VALUE);
                MapTypes types = ring.definition().types();
                if (types != null) {
                    return new Records(types.value(), records);
                }
            }
        }
        throw new IllegalArgumentException("map=" + map + " is no ring buffer whose records have a type");
    }

    /** Records of one type. */
    record Records(DataLayout type, List<byte[]> list) {}

    void set(int element, long value) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        values.put(element, bytes, BpfMap.ANY);
    }

    @Override
    public void close() {
        maps.forEach(BpfMap::close);
        arena.close();
    }
}
