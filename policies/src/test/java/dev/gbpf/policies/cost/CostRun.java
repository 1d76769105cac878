package dev.gbpf.policies.cost;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.CheckedInterpreter;
import dev.gbpf.host.vm.MemoryRegions;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * One run of a hook on given inputs.
 *
 * @param instructions executed
 * @param helperCalls helpers called
 * @param reached indices of the instructions that were executed
 */
record CostRun(long instructions, long helperCalls, BitSet reached) {
    /**
     * Runs a hook.
     *
     * @param budget what it may execute at most; more is a fault
     */
    static CostRun of(Hook hook, Program program, List<MapDefinition> definitions, CostInputs inputs, long budget) {
        List<BpfMap> maps = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = arena.allocate(hook.context().size(), Long.BYTES);
            List<ContextField> fields = hook.context().fields();
            for (int i = 0; i < fields.size(); i++) {
                write(context, fields.get(i), inputs.context(i));
            }
            for (int i = 0; i < definitions.size(); i++) {
                maps.add(map(definitions.get(i), i, inputs, fields));
            }
            BitSet reached = new BitSet(program.size());
            CheckedInterpreter.Result result = new CheckedInterpreter(program, maps, arena)
                    .run(
                            context.address(),
                            0,
                            new CostServices(inputs),
                            MemoryRegions.ofContext(hook.context(), context.address()),
                            budget,
                            (index, registers, depth) -> reached.set(index));
            return new CostRun(result.instructions(), result.helperCalls(), reached);
        } finally {
            maps.forEach(BpfMap::close);
        }
    }

    private static void write(MemorySegment context, ContextField field, long number) {
        long value = inRange(field, number);
        if (field.width() == Width.W) {
            context.set(ValueLayout.JAVA_INT, field.offset(), (int) value);
        } else {
            context.set(ValueLayout.JAVA_LONG, field.offset(), value);
        }
    }

    private static long inRange(ContextField field, long number) {
        long value = field.width() == Width.W ? number & 0xFFFF_FFFFL : number;
        if (Long.compareUnsigned(value, field.min()) >= 0 && Long.compareUnsigned(value, field.max()) <= 0) {
            return value;
        }
        long span = field.max() - field.min() + 1;
        return field.min() + Long.remainderUnsigned(value, span);
    }

    /** An array with all its elements; a hash with small keys and those that the context names. */
    private static BpfMap map(MapDefinition definition, int number, CostInputs inputs, List<ContextField> fields) {
        BpfMap map = MapFactory.create(definition, Arena.ofConfined());
        if (definition.readOnly()) {
            return map;
        }
        int words = CostInputs.wordsPerValue(definition);
        int entries = definition.kind() == MapKind.ARRAY ? definition.maxEntries() : inputs.entries(number);
        for (int i = 0; i < entries; i++) {
            ByteBuffer value = ByteBuffer.allocate(words * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int w = 0; w < words; w++) {
                value.putLong(inputs.word(number, i * words + w));
            }
            byte[] bytes = Arrays.copyOf(value.array(), definition.valueSize());
            boolean named = definition.kind() == MapKind.HASH && i < fields.size() && definition.maxEntries() > i;
            ByteBuffer key = ByteBuffer.allocate(Math.max(Long.BYTES, definition.keySize()))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(named && i % 2 == 1 ? inRange(fields.get(i), inputs.context(i)) : i);
            map.put(Arrays.copyOf(key.array(), definition.keySize()), bytes, BpfMap.ANY);
        }
        return map;
    }
}
