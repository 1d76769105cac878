package dev.gbpf.host.map;

import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * An array of which each decision thread has its own values, so that programs on several threads count without atomic
 * operations. {@link #onCpu} is the array of one thread; this map itself acts on the values of thread 0.
 *
 * <pre>
 * offset                        size        field
 * c * cpuBytes + i * stride     valueSize   value of element i of decision thread c, 0 &lt;= i &lt; maxEntries
 *
 * stride   = valueSize rounded up to a multiple of 8
 * cpuBytes = maxEntries * stride rounded up to a multiple of 128, so that threads do not share cache lines
 * </pre>
 *
 * The base is a multiple of 128.
 */
public final class PerCpuArrayMap extends BpfMap {
    /** Two cache lines: processors fetch them in pairs. */
    private static final int ALIGNMENT = 128;

    private final ArrayMap[] arrays;

    PerCpuArrayMap(MapDefinition definition, MapArena arena, int cpus) {
        super(definition, arena);
        long cpuBytes = cpuBytes(definition);
        MemorySegment memory = arena.allocate(cpuBytes * cpus, ALIGNMENT);
        arrays = new ArrayMap[cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            arrays[cpu] = new ArrayMap(definition, arena, memory.asSlice(cpu * cpuBytes, cpuBytes));
        }
    }

    private static long cpuBytes(MapDefinition definition) {
        return roundUp(ArrayMap.bytes(definition), ALIGNMENT);
    }

    /** Memory that it takes, bytes. */
    static long bytes(MapDefinition definition, int cpus) {
        return cpuBytes(definition) * cpus;
    }

    @Override
    public int cpus() {
        return arrays.length;
    }

    @Override
    public ArrayMap onCpu(int cpu) {
        return arrays[cpu];
    }

    @Override
    public long lookupElem(long key) {
        return arrays[0].lookupElem(key);
    }

    @Override
    public long updateElem(long key, long value, long flags) {
        return arrays[0].updateElem(key, value, flags);
    }

    @Override
    public long deleteElem(long key) {
        return arrays[0].deleteElem(key);
    }

    @Override
    public long nextSlot(long slot) {
        return arrays[0].nextSlot(slot);
    }

    @Override
    public long slotKey(long slot) {
        return arrays[0].slotKey(slot);
    }

    @Override
    public long slotValue(long slot) {
        return arrays[0].slotValue(slot);
    }

    @Override
    public int entries() {
        return arrays[0].entries();
    }

    @Override
    public long failedUpdates() {
        long sum = 0;
        for (ArrayMap array : arrays) {
            sum += array.failedUpdates();
        }
        return sum;
    }

    /** One value of one thread: programs come to them by lookups only, never from one to the next. */
    @Override
    public boolean containsValue(long at, long bytes) {
        for (ArrayMap array : arrays) {
            if (array.containsValue(at, bytes)) {
                return (at - array.address()) % array.stride() + bytes
                        <= definition().valueSize();
            }
        }
        return false;
    }

    @Override
    Optional<byte[]> read(MemorySegment key) {
        return arrays[0].read(key);
    }

    @Override
    void visitEach(EntryWalk walk) {
        arrays[0].visitEach(walk);
    }
}
