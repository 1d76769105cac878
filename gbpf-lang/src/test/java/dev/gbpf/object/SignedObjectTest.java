package dev.gbpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SignedObjectTest {
    private static final String KEY = "ab".repeat(32);
    private static final int TRAILER = 108;

    @Property(tries = 200)
    void parts_comeBack(@ForAll @Size(max = 200) byte[] object, @ForAll @Size(value = 64) byte[] signature) {
        SignedObject read = SignedObject.read(SignedObject.write(object, KEY, signature));
        assertThat(read.object()).isEqualTo(object);
        assertThat(read.keyId()).contains(KEY);
        assertThat(read.signature()).isEqualTo(signature);
    }

    @Property(tries = 200)
    void otherBytes_haveNoSignature(@ForAll @Size(max = 200) byte[] bytes) {
        SignedObject read = SignedObject.read(bytes);
        assertThat(read.object()).isEqualTo(bytes);
        assertThat(read.keyId()).isEmpty();
        assertThat(read.signature()).isEmpty();
    }

    @Test
    void trailer_thatIsCutShort_isRefused() {
        byte[] signed = SignedObject.write(new byte[3], KEY, new byte[64]);
        for (int from = 4; from <= signed.length - 8; from++) {
            byte[] end = Arrays.copyOfRange(signed, from, signed.length);
            assertThatThrownBy(() -> SignedObject.read(end))
                    .isInstanceOfSatisfying(
                            ObjectFormatException.class,
                            e -> assertThat(e.code()).isEqualTo("E0717"));
        }
        signed[signed.length - 12]++;
        assertThatThrownBy(() -> SignedObject.read(signed)).hasMessageContaining("length=109");
        assertThat(SignedObject.read(SignedObject.write(new byte[0], KEY, new byte[64]))
                        .object())
                .isEmpty();
        assertThat(SignedObject.write(new byte[0], KEY, new byte[64])).hasSize(TRAILER);
    }

    @Test
    void partsOfOtherLengths_areNotWritten() {
        assertThatIllegalArgumentException().isThrownBy(() -> SignedObject.write(new byte[1], "ab", new byte[64]));
        assertThatIllegalArgumentException().isThrownBy(() -> SignedObject.write(new byte[1], KEY, new byte[63]));
    }
}
