package dev.gbpf.cuda.driver;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Machine code as the driver's linker gives it: an ELF file of 64 bits, as far as its names of sections. */
public final class Cubin {
    private static final int MAGIC = 0x464c457f;
    private static final int SECTIONS_AT = 40;
    private static final int SECTION_BYTES_AT = 58;
    private static final int SECTION_COUNT_AT = 60;
    private static final int NAMES_INDEX_AT = 62;
    private static final int OFFSET_IN_SECTION = 24;

    private Cubin() {}

    /**
     * The names of its sections.
     *
     * @throws IllegalArgumentException when it is no such file
     */
    public static List<String> sections(byte[] image) {
        try {
            ByteBuffer elf = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
            if (elf.getInt(0) != MAGIC) {
                throw new IllegalArgumentException("the driver's linker gave no ELF file");
            }
            int first = Math.toIntExact(elf.getLong(SECTIONS_AT));
            int size = Short.toUnsignedInt(elf.getShort(SECTION_BYTES_AT));
            int count = Short.toUnsignedInt(elf.getShort(SECTION_COUNT_AT));
            int strings = first + size * Short.toUnsignedInt(elf.getShort(NAMES_INDEX_AT));
            int names = count == 0 ? 0 : Math.toIntExact(elf.getLong(strings + OFFSET_IN_SECTION));
            List<String> sections = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sections.add(name(elf, names + elf.getInt(first + size * i)));
            }
            return sections;
        } catch (IndexOutOfBoundsException | BufferUnderflowException | ArithmeticException e) {
            throw new IllegalArgumentException("the driver's linker gave a damaged ELF file", e);
        }
    }

    private static String name(ByteBuffer elf, int at) {
        StringBuilder name = new StringBuilder();
        for (int i = at; elf.get(i) != 0; i++) {
            name.append((char) elf.get(i));
        }
        return name.toString();
    }
}
