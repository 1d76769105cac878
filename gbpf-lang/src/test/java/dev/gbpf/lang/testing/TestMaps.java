package dev.gbpf.lang.testing;

import dev.gbpf.abi.Errno;
import dev.gbpf.object.MapDefinition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Maps of a policy under test. Keys are at most eight bytes, so a number stands for them; so it does for such values. */
public final class TestMaps {
    private static final long HANDLE = 0x7000_0000_0000_0000L;

    private final List<MapDefinition> definitions;
    private final Memory memory;
    /** Of a hash: address of the value by key. Of an array: the address of all values under key 0. */
    private final List<Map<Long, Long>> tables = new ArrayList<>();
    /** Of a hash: the key in each slot, null in a free one. */
    private final List<List<@Nullable Long>> slots = new ArrayList<>();

    TestMaps(List<MapDefinition> definitions, Memory memory) {
        this.definitions = definitions;
        this.memory = memory;
        for (MapDefinition definition : definitions) {
            Map<Long, Long> table = new TreeMap<>();
            if (definition.kind().isIndexed()) {
                table.put(0L, memory.map(new byte[definition.stride() * definition.maxEntries()], false));
            }
            tables.add(table);
            slots.add(new ArrayList<>());
        }
    }

    static long handle(int index) {
        return HANDLE + index;
    }

    /** The value of a key, zero-extended; fails when it is absent. */
    public long get(String map, long key) {
        int index = index(map);
        long address = find(index, key);
        if (address == 0) {
            throw new IllegalStateException("map " + map + " has no key " + key);
        }
        return memory.load(address, definitions.get(index).valueSize());
    }

    public boolean contains(String map, long key) {
        return find(index(map), key) != 0;
    }

    /** The bytes of the value of a key that is there. */
    public byte[] bytes(String map, long key) {
        int index = index(map);
        return memory.read(find(index, key), definitions.get(index).valueSize());
    }

    public void put(String map, long key, long value) {
        int index = index(map);
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        set(index, key, Arrays.copyOf(bytes, definitions.get(index).valueSize()));
    }

    long valueAddress(int index, int offset) {
        return address(tables.get(index), 0) + offset;
    }

    long lookup(long handle, long keyAddress) {
        int index = (int) (handle - HANDLE);
        return find(index, memory.load(keyAddress, definitions.get(index).keySize()));
    }

    long update(long handle, long keyAddress, long valueAddress, long flags) {
        if (flags != 0) {
            return Errno.EINVAL;
        }
        int index = (int) (handle - HANDLE);
        MapDefinition definition = definitions.get(index);
        long key = memory.load(keyAddress, definition.keySize());
        return set(index, key, memory.read(valueAddress, definition.valueSize()));
    }

    long delete(long handle, long keyAddress) {
        int index = (int) (handle - HANDLE);
        long key = memory.load(keyAddress, definitions.get(index).keySize());
        int slot = slots.get(index).indexOf(key);
        if (slot >= 0) {
            slots.get(index).set(slot, null);
        }
        return tables.get(index).remove(key) == null ? Errno.ENOENT : 0;
    }

    long nextSlot(long handle, long from) {
        List<@Nullable Long> keys = slots.get((int) (handle - HANDLE));
        for (long slot = from; slot < keys.size(); slot++) {
            if (keys.get((int) slot) != null) {
                return slot;
            }
        }
        return Errno.ENOENT;
    }

    long slotKey(long handle, long slot) {
        List<@Nullable Long> keys = slots.get((int) (handle - HANDLE));
        Long key = slot < keys.size() ? keys.get((int) slot) : null;
        return key == null ? 0 : key;
    }

    long slotValue(long handle, long slot) {
        int index = (int) (handle - HANDLE);
        List<@Nullable Long> keys = slots.get(index);
        Long key = slot < keys.size() ? keys.get((int) slot) : null;
        return key == null ? 0 : find(index, key);
    }

    private long set(int index, long key, byte[] value) {
        MapDefinition definition = definitions.get(index);
        long address = find(index, key);
        if (address == 0) {
            Map<Long, Long> table = tables.get(index);
            if (definition.kind().isIndexed() || table.size() == definition.maxEntries()) {
                return Errno.E2BIG;
            }
            address = memory.map(new byte[definition.valueSize()], false);
            table.put(key, address);
            int free = slots.get(index).indexOf(null);
            if (free < 0) {
                slots.get(index).add(key);
            } else {
                slots.get(index).set(free, key);
            }
        }
        memory.write(address, value);
        return 0;
    }

    private long find(int index, long key) {
        MapDefinition definition = definitions.get(index);
        Map<Long, Long> table = tables.get(index);
        if (definition.kind().isIndexed()) {
            return key < definition.maxEntries() ? address(table, 0) + key * definition.stride() : 0;
        }
        return address(table, key);
    }

    private static long address(Map<Long, Long> table, long key) {
        Long address = table.get(key);
        return address == null ? 0 : address;
    }

    private int index(String name) {
        for (int i = 0; i < definitions.size(); i++) {
            if (definitions.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException("no map " + name);
    }
}
