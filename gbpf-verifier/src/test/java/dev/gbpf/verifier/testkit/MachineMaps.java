package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.MapKind;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.testkit.MachineMemory.Kind;
import dev.gbpf.verifier.testkit.MachineValue.Num;
import dev.gbpf.verifier.testkit.MachineValue.Ptr;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The maps of a {@link CheckedMachine}, which get their contents when they are first looked at. */
final class MachineMaps {
    private final List<MapDefinition> definitions;
    private final MachineInputs inputs;
    private final Map<Integer, Map<ByteBuffer, MachineMemory>> hashes = new HashMap<>();
    private final Map<Integer, MachineMemory> arrays = new HashMap<>();

    MachineMaps(List<MapDefinition> definitions, MachineInputs inputs) {
        this.definitions = definitions;
        this.inputs = inputs;
    }

    MapDefinition definition(int map) {
        return definitions.get(map);
    }

    private static int stride(MapDefinition map) {
        return (map.valueSize() + 7) / 8 * 8;
    }

    /** All elements of an array, one after the other. */
    MachineMemory array(int map) {
        return arrays.computeIfAbsent(map, m -> {
            MapDefinition definition = definitions.get(m);
            int size = stride(definition) * definition.maxEntries();
            byte[] content = definition.readOnly()
                    ? Arrays.copyOf(definition.initial().toByteArray(), size)
                    : inputs.memory(size);
            return MachineMemory.filled(Kind.VALUE, m, content);
        });
    }

    /**
     * An entry that may or may not be there, with any contents; the same pointer for the same key. An array has just those that
     * are numbers of its elements.
     *
     * @param key the key's bytes, which stay as they are
     * @param element the key as a number, when it is one of an element; else -1
     */
    MachineValue lookup(int map, ByteBuffer key, int element) {
        MapDefinition definition = definitions.get(map);
        if (definition.kind().isIndexed() ? element < 0 : !inputs.hasEntry()) {
            return new Num(0);
        }
        if (definition.kind() == MapKind.ARRAY) {
            return new Ptr(array(map), (long) stride(definition) * inputs.element(element, definition.maxEntries()), 0);
        }
        return new Ptr(
                hashes.computeIfAbsent(map, m -> new HashMap<>()).computeIfAbsent(key, k -> {
                    return MachineMemory.filled(Kind.VALUE, map, inputs.memory(definition.valueSize()));
                }),
                0,
                0);
    }
}
