package dev.gbpf.cuda.driver;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** ELF files of 64 bits with sections of these names and nothing in them. */
public final class TestElf {
    private static final int HEADER = 64;
    private static final int SECTION = 64;

    private TestElf() {}

    /** A file; the last section has the names. */
    public static byte[] of(String... sections) {
        List<String> all = new ArrayList<>(List.of(sections));
        all.add(".shstrtab");
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        List<Integer> places = new ArrayList<>();
        for (String name : all) {
            places.add(names.size());
            names.writeBytes((name + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        int stringsAt = HEADER + SECTION * all.size();
        ByteBuffer elf = ByteBuffer.allocate(stringsAt + names.size()).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464c457f)
                .putLong(40, HEADER)
                .putShort(58, (short) SECTION)
                .putShort(60, (short) all.size())
                .putShort(62, (short) (all.size() - 1));
        for (int i = 0; i < all.size(); i++) {
            elf.putInt(HEADER + SECTION * i, places.get(i));
        }
        elf.putLong(stringsAt - SECTION + 24, stringsAt);
        elf.put(stringsAt, names.toByteArray());
        return elf.array();
    }
}
