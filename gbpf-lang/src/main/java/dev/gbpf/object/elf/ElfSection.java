package dev.gbpf.object.elf;

/**
 * One section.
 *
 * @param index its number, as symbols name it
 * @param type {@code SHT_...}
 * @param flags {@code SHF_...}
 * @param size bytes in memory; for {@link #NOBITS} nothing in the file
 * @param bytes its content in the file; empty for {@link #NOBITS}
 */
record ElfSection(
        int index, String name, int type, long flags, long size, int link, int info, long entrySize, ElfBytes bytes) {
    static final int PROGBITS = 1;
    static final int SYMTAB = 2;
    static final int STRTAB = 3;
    static final int RELA = 4;
    static final int NOBITS = 8;
    static final int REL = 9;

    private static final long WRITE = 1;
    private static final long ALLOCATED = 2;
    private static final long EXECUTABLE = 4;

    boolean isCode() {
        return type == PROGBITS && (flags & EXECUTABLE) != 0;
    }

    /** Whether it holds variables. */
    boolean isData() {
        return (type == PROGBITS || type == NOBITS) && (flags & (ALLOCATED | EXECUTABLE)) == ALLOCATED;
    }

    boolean isWritable() {
        return (flags & WRITE) != 0;
    }

    /** As messages name a place in it. */
    String at(long offset) {
        return "section " + name + " at offset 0x" + Long.toHexString(offset);
    }
}
