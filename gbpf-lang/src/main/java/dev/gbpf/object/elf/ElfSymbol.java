package dev.gbpf.object.elf;

/**
 * One entry of the symbol table.
 *
 * @param nameOffset of its name in the string table
 * @param type {@code STT_...}
 * @param section index of the section that defines it, or a reserved value
 * @param value offset in that section
 * @param size bytes, 0 when unknown
 */
record ElfSymbol(int nameOffset, int type, boolean isLocal, int section, long value, long size) {
    static final int FUNCTION = 2;
    static final int SECTION = 3;
    static final int THREAD_LOCAL = 6;

    static final int UNDEFINED = 0;
    static final int FIRST_RESERVED = 0xff00;
    static final int COMMON = 0xfff2;
}
