package dev.gbpf.host.map;

import dev.gbpf.abi.Errno;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A map whose entries have no keys: to everything that takes a key or a slot it is empty, and refuses changes. */
public abstract sealed class KeylessMap extends BpfMap permits QueueMap, RingBufferMap {
    KeylessMap(MapDefinition definition, MapArena arena) {
        super(definition, arena);
    }

    /** The position of an entry as the key that visitors get: a u32, little-endian. */
    static byte[] position(int position) {
        return new byte[] {(byte) position, (byte) (position >>> 8), (byte) (position >>> 16), (byte) (position >>> 24)
        };
    }

    @Override
    public final long lookupElem(long key) {
        return 0;
    }

    @Override
    public final long updateElem(long key, long value, long flags) {
        return Errno.EINVAL;
    }

    @Override
    public final long deleteElem(long key) {
        return Errno.EINVAL;
    }

    @Override
    public final long nextSlot(long slot) {
        return Errno.ENOENT;
    }

    @Override
    public final long slotKey(long slot) {
        return 0;
    }

    @Override
    public final long slotValue(long slot) {
        return 0;
    }

    @Override
    public final boolean containsValue(long address, long bytes) {
        return false;
    }

    @Override
    final Optional<byte[]> read(MemorySegment key) {
        return Optional.empty();
    }
}
