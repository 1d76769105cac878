package dev.gbpf.host.plane;

import java.lang.foreign.ValueLayout;

/** How numbers lie in contexts: little-endian, aligned to their width within the context only. */
final class ContextMemory {
    static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;

    private ContextMemory() {}
}
