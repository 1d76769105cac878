package dev.gbpf.object.elf;

/**
 * One relocation; its addend is in the place that it changes.
 *
 * @param offset in the section that it changes
 * @param type {@code R_BPF_...}
 * @param symbol index in the symbol table
 */
record ElfRelocation(long offset, int type, int symbol) {
    /** The address of a symbol, in a 64-bit immediate load. */
    static final int BPF_64_64 = 1;
    /** A call of a function. */
    static final int BPF_64_32 = 10;

    /** The name of a type, for messages. */
    static String typeName(int type) {
        return switch (type) {
            case BPF_64_64 -> "R_BPF_64_64";
            case 2 -> "R_BPF_64_ABS64";
            case 3 -> "R_BPF_64_ABS32";
            case 4 -> "R_BPF_64_NODYLD32";
            case BPF_64_32 -> "R_BPF_64_32";
            default -> "of type " + Integer.toUnsignedString(type);
        };
    }
}
