package dev.gbpf.host.threeways;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.object.PolicyObject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A policy ready to run, with maps of its own. */
final class Way implements AutoCloseable {
    private final String name;
    private final Arena arena = Arena.ofConfined();
    private final SortedMap<String, BpfMap> maps = new TreeMap<>();
    private final Map<Hook, ExecutableProgram> programs = new EnumMap<>(Hook.class);
    private final ScriptedPlane plane = new ScriptedPlane();
    private final MemorySegment context = arena.allocate(256, 64);

    Way(String name, PolicyObject policy) {
        this.name = name;
        List<BpfMap> inOrder = new ArrayList<>();
        policy.maps().forEach(m -> inOrder.add(MapFactory.create(m)));
        inOrder.forEach(map -> maps.put(map.name(), map));
        policy.programs().forEach(p -> programs.put(p.hook(), new InterpretedProgram(p.program(), inOrder, arena)));
    }

    /**
     * What a run did that can be seen.
     *
     * @param context what the context holds after it
     * @param calls what the plane was asked
     */
    record Effect(long verdict, String context, List<String> calls) {}

    String name() {
        return name;
    }

    Effect run(Hook hook, byte[] input, long seed) {
        ExecutableProgram program = programs.get(hook);
        if (program == null) {
            throw new IllegalArgumentException(name + " has no program for " + hook.symbol());
        }
        MemorySegment.copy(MemorySegment.ofArray(input), 0, context, 0, input.length);
        plane.begin(seed);
        long verdict = program.run(context.address(), plane);
        byte[] output = new byte[input.length];
        MemorySegment.copy(context, 0, MemorySegment.ofArray(output), 0, output.length);
        return new Effect(verdict, HexFormat.of().formatHex(output), List.copyOf(plane.calls()));
    }

    /** Sets an entry, as user space does. */
    void put(String map, byte[] key, byte[] value) {
        map(map).put(key, value, BpfMap.ANY);
    }

    private BpfMap map(String map) {
        BpfMap found = maps.get(map);
        if (found == null) {
            throw new IllegalArgumentException(name + " has no map " + map);
        }
        return found;
    }

    /** All that the maps hold, by name and key. */
    SortedMap<String, String> contents() {
        SortedMap<String, String> contents = new TreeMap<>();
        maps.forEach((map, entries) -> entries.forEach((key, value) -> contents.put(
                map + "[" + Arrays.toString(key) + "]", HexFormat.of().formatHex(value))));
        return contents;
    }

    @Override
    public void close() {
        maps.values().forEach(BpfMap::close);
        arena.close();
    }
}
