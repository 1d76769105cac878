package dev.gbpf.cuda.layout;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/** Describes structures as {@code layout.h} writes them. */
final class Structs {
    private Structs() {}

    /** A structure of the name that it has in C. */
    static StructLayout struct(String name, MemoryLayout... members) {
        return MemoryLayout.structLayout(members).withName(name);
    }

    static MemoryLayout u8(String name) {
        return JAVA_BYTE.withName(name);
    }

    static MemoryLayout u16(String name) {
        return JAVA_SHORT.withName(name);
    }

    static MemoryLayout u32(String name) {
        return JAVA_INT.withName(name);
    }

    static MemoryLayout u64(String name) {
        return JAVA_LONG.withName(name);
    }

    static MemoryLayout u32s(String name, int count) {
        return MemoryLayout.sequenceLayout(count, JAVA_INT).withName(name);
    }

    static MemoryLayout u64s(String name, int count) {
        return MemoryLayout.sequenceLayout(count, JAVA_LONG).withName(name);
    }

    static MemoryLayout many(String name, int count, StructLayout each) {
        return MemoryLayout.sequenceLayout(count, each).withName(name);
    }

    /** What has no name here. */
    static MemoryLayout unused(long bytes) {
        return MemoryLayout.paddingLayout(bytes);
    }

    /** Where a field begins. */
    static long offset(StructLayout layout, String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }
}
