package dev.gbpf.host.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files of the repository that fuzzing begins with. */
public final class Seeds {
    private static final Path ROOT = Path.of(System.getProperty("gbpf.root", ".."));

    /** One statement of each form. */
    static final String INSTRUCTIONS = """
            entry:
                r1 = map_by_idx(0x0)
                r2 = map_val(map_by_idx(0x1))+0x8
                r3 = 0x123456789abcdef0 ll
                r4 = *(u32 *)(r10 - 0x4)
                r5 = *(s16 *)(r1 + 0x2)
                *(u64 *)(r10 - 0x10) = r3
                *(u8 *)(r10 - 0x11) = -0x1
                w4 += 0x7
                r4 s/= r5
                w5 = -w5
                r6 = (s8)r5
                r6 = bswap32 r6
                r7 = be16 r7
                lock *(u64 *)(r10 - 0x8) += r3
                r3 = atomic_fetch_xor((u64 *)(r10 - 0x8), r3)
                r0 = cmpxchg_64(r10 - 0x8, r0, r3)
                w3 = xchg32_32(r10 - 0x8, w3)
                if r4 s> -0x5 goto out
                if w4 & 0x10 goto +0x1
                gotol out
                call map_lookup_elem
                call sub // a function
            out:
                exit
            sub:
                r0 = 0x0; exit
            """;

    private Seeds() {}

    /** The files with a suffix below some folders, in order of their paths. */
    public static Stream<byte[]> files(String suffix, String... folders) {
        return Stream.of(folders)
                .flatMap(folder -> paths(folder, suffix).stream())
                .map(Seeds::read);
    }

    private static List<Path> paths(String folder, String suffix) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(
                            f -> f.toString().endsWith(suffix) && !f.toString().contains("/target/"))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
