package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.elf.ElfFormatException;
import dev.gbpf.object.elf.ElfObjectReader;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** ELF objects with their BTF; one that is read survives gBPF's own format, and the verifier has an answer to it. */
class ElfFuzzTest {
    private static final int PER_BYTE = 64;
    private static final Verifier VERIFIER = new Verifier(VerifierOptions.DEFAULT.withStepLimit(20_000));

    static {
        seeds().forEach(ElfFuzzTest::read);
    }

    static Stream<byte[]> seeds() {
        return Seeds.files(".o", "gbpf-lang/src/test/resources/elf");
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void object_ofAnyBytes_isReadOrRefused(byte[] bytes) {
        Allocation.within(PER_BYTE, bytes.length, () -> read(bytes));
        PolicyObject object = read(bytes);
        if (object != null) {
            assertThat(ObjectReader.read(ObjectWriter.write(object))).isEqualTo(object);
            VERIFIER.verify(object);
        }
    }

    private static @Nullable PolicyObject read(byte[] bytes) {
        try {
            return ElfObjectReader.read(bytes, "fuzz.o");
        } catch (ElfFormatException e) {
            assertThat(e.toDiagnostic("fuzz.o").help()).isNotBlank();
            return null;
        }
    }
}
