package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult.Compiled;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.ObjectFormatException;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Policy objects; one that is read is written as the same bytes, and the verifier has an answer to it. */
class ObjectFuzzTest {
    private static final int PER_BYTE = 64;
    private static final int TOTAL_LENGTH_OFFSET = 12;
    private static final int CHECKSUM_OFFSET = 16;
    private static final Verifier VERIFIER = new Verifier(VerifierOptions.DEFAULT.withStepLimit(20_000));

    static {
        seeds().forEach(ObjectFuzzTest::read);
    }

    static Stream<byte[]> seeds() {
        return Seeds.files(".gbpf", "policies", "examples")
                .map(text -> new SourceFile("seed.gbpf", new String(text, StandardCharsets.UTF_8)))
                .map(source -> ObjectWriter.write(((Compiled) PolicyCompiler.compile(source)).object()));
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void object_ofAnyBytes_isReadOrRefused(byte[] bytes) {
        check(bytes);
        if (bytes.length >= CHECKSUM_OFFSET + 8) {
            check(sealed(bytes));
        }
    }

    private static void check(byte[] bytes) {
        Allocation.within(PER_BYTE, bytes.length, () -> read(bytes));
        PolicyObject object = read(bytes);
        if (object != null) {
            byte[] written = ObjectWriter.write(object);
            assertThat(ObjectReader.read(written)).isEqualTo(object);
            VERIFIER.verify(object);
        }
    }

    private static @Nullable PolicyObject read(byte[] bytes) {
        try {
            return ObjectReader.read(bytes);
        } catch (ObjectFormatException e) {
            assertThat(e.toDiagnostic("fuzz.gbo").help()).isNotBlank();
            return null;
        }
    }

    /** The bytes with the length and checksum that they should have, without which most would be refused at once. */
    private static byte[] sealed(byte[] bytes) {
        byte[] copy = bytes.clone();
        ByteBuffer buffer = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(TOTAL_LENGTH_OFFSET, copy.length);
        buffer.putInt(CHECKSUM_OFFSET, 0);
        CRC32C checksum = new CRC32C();
        checksum.update(copy);
        buffer.putInt(CHECKSUM_OFFSET, (int) checksum.getValue());
        return copy;
    }
}
