package dev.gbpf.host.law;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.plane.SteppedPlane;
import dev.gbpf.host.plane.SteppedPlane.Answer;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hooks of a policy that are asked one at a time. Confined to the thread that made it. */
public final class HookSession implements AutoCloseable {
    private final PolicyObject policy;
    private final Arena arena = Arena.ofConfined();
    private final List<BpfMap> maps = new ArrayList<>();
    private final SteppedPlane plane = new SteppedPlane(arena);

    HookSession(PolicyObject policy) {
        this.policy = policy;
        policy.maps().forEach(map -> maps.add(MapFactory.create(map, Arena.ofConfined())));
    }

    /** The plane that the hooks see: its clock, its queues, and the helpers that the last one called. */
    public SteppedPlane plane() {
        return plane;
    }

    /**
     * Asks a hook.
     *
     * @param fields fields of the context by name; the others have the least value of their range
     * @throws IllegalArgumentException when the policy has no such hook, or there can be no such context
     */
    public Answer ask(Hook hook, Map<String, Long> fields) {
        ProgramObject program = policy.program(hook)
                .orElseThrow(() -> new IllegalArgumentException(policy.name() + " has no hook " + hook.symbol()));
        fields.forEach((name, value) -> {
            if (hook.context().fields().stream().noneMatch(f -> f.name().equals(name))) {
                throw new IllegalArgumentException("the context of " + hook.symbol() + " has no field " + name);
            }
        });
        return plane.ask(hook, new InterpretedProgram(program.program(), maps, arena), fields);
    }

    /**
     * Sets the value of an entry.
     *
     * @param key at most 8 bytes, as a number
     * @param value all of its bytes
     * @throws IllegalArgumentException when there is no such map, no room, or the sizes are others
     */
    public void put(String map, long key, byte[] value) {
        long result = map(map).put(key, value, BpfMap.ANY);
        if (result != 0) {
            throw new IllegalArgumentException("map " + map + " takes no entry with key=" + key + ": error " + result);
        }
    }

    /** Sets the value of an entry of at most 8 bytes, given as a number. */
    public void put(String map, long key, long value) {
        byte[] bytes = new byte[map(map).definition().valueSize()];
        for (int i = 0; i < bytes.length && i < Long.BYTES; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        put(map, key, bytes);
    }

    /** What is in the maps, as text: for each the bytes of its entries in hexadecimal, by key. */
    public Map<String, Map<String, String>> contents() {
        Map<String, Map<String, String>> contents = new TreeMap<>();
        for (BpfMap map : maps) {
            Map<String, String> entries = contents.computeIfAbsent(map.name(), name -> new TreeMap<>());
            map.forEach((key, value) -> entries.put(text(key), text(value)));
        }
        return contents;
    }

    private static String text(byte[] bytes) {
        if (bytes.length == Long.BYTES) {
            return Long.toUnsignedString(
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        }
        if (bytes.length == Integer.BYTES) {
            return Integer.toUnsignedString(
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt());
        }
        return HexFormat.of().formatHex(bytes);
    }

    private BpfMap map(String name) {
        return maps.stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(policy.name() + " has no map " + name));
    }

    @Override
    public void close() {
        maps.forEach(BpfMap::close);
        arena.close();
    }
}
