package dev.gbpf.host.vm;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program may touch besides its stack and its maps. Immutable. An access is allowed when one region holds all of it.
 */
public final class MemoryRegions {
    /** Nothing. */
    public static final MemoryRegions NONE = new MemoryRegions(List.of());

    private final List<Region> regions;

    /**
     * A stretch of native memory.
     *
     * @param name for messages
     * @param address where it begins
     * @param bytes how long it is
     * @param writable whether the program may write it
     */
    public record Region(String name, long address, long bytes, boolean writable) {
        boolean contains(long at, long count) {
            long offset = at - address;
            return offset >= 0 && offset <= bytes && count <= bytes - offset;
        }
    }

    private MemoryRegions(List<Region> regions) {
        this.regions = List.copyOf(regions);
    }

    /** The context of a hook: readable as a whole, writable in its writable fields. */
    public static MemoryRegions ofContext(ContextLayout layout, long address) {
        List<Region> regions = new ArrayList<>();
        regions.add(new Region("context", address, layout.size(), false));
        for (ContextField field : layout.fields()) {
            if (field.writable()) {
                regions.add(new Region(
                        "ctx." + field.name(),
                        address + field.offset(),
                        field.width().bytes(),
                        true));
            }
        }
        return new MemoryRegions(regions);
    }

    /** All of a native segment, readable and writable. */
    public static MemoryRegions ofMemory(MemorySegment segment) {
        return new MemoryRegions(List.of(new Region("memory", segment.address(), segment.byteSize(), true)));
    }

    /** Everything there is: for programs that the verifier has accepted. */
    public static MemoryRegions unchecked() {
        return new MemoryRegions(List.of(new Region("memory", 0, Long.MAX_VALUE, true)));
    }

    /** These and another. */
    public MemoryRegions with(Region region) {
        List<Region> all = new ArrayList<>(regions);
        all.add(region);
        return new MemoryRegions(all);
    }

    /** Whether an access is allowed. */
    public boolean allows(long address, long bytes, boolean write) {
        for (Region region : regions) {
            if (region.contains(address, bytes) && (region.writable() || !write)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return regions.toString();
    }
}
