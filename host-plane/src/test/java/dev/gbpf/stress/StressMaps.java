package dev.gbpf.stress;

import dev.gbpf.abi.MapKind;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.Epochs;
import dev.gbpf.host.map.HashTableMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.map.QueueMap;
import dev.gbpf.host.map.RingBufferMap;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Maps of one test each: the collector frees them, since jcstress tells nobody when it is done with a state. */
final class StressMaps {
    /** Bytes of a record of one number in a ring, header included. */
    static final int RECORD = 16;

    private StressMaps() {}

    static HashTableMap hash(int entries, Epochs epochs) {
        return (HashTableMap)
                MapFactory.create(new MapDefinition("m", MapKind.HASH, 8, 8, entries), Arena.ofAuto(), epochs);
    }

    static RingBufferMap ring(int bytes) {
        return (RingBufferMap) create(new MapDefinition("m", MapKind.RINGBUF, 0, 0, bytes));
    }

    static RingBufferMap overwritingRing(int bytes) {
        return (RingBufferMap) create(new MapDefinition("m", MapKind.RINGBUF, 0, 0, bytes).overwriting());
    }

    static QueueMap queue(int entries) {
        return (QueueMap) create(new MapDefinition("m", MapKind.QUEUE, 0, 8, entries));
    }

    private static BpfMap create(MapDefinition definition) {
        return MapFactory.create(definition, Arena.ofAuto());
    }

    /** Memory that holds a number, for keys and values. */
    static MemorySegment number(long value) {
        MemorySegment memory = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
        memory.set(ValueLayout.JAVA_LONG, 0, value);
        return memory;
    }

    static long number(byte[] bytes) {
        return MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    /** The number at an address that a map gave. */
    static long at(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.BYTES).get(ValueLayout.JAVA_LONG, 0);
    }
}
