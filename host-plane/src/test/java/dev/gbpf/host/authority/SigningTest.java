package dev.gbpf.host.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.authority.TrustPolicy.Verdict;
import dev.gbpf.object.SignedObject;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final SigningKey OTHER = SigningKey.generate();
    private static final TrustPolicy SIGNED = new TrustPolicy(List.of(KEY.verifying()), false);

    private static SignedObject unsigned(byte[] bytes) {
        return SignedObject.read(bytes);
    }

    @Property(tries = 50)
    void signature_holdsForTheObject_andForNoOther(
            @ForAll @Size(min = 1, max = 100) byte[] object, @ForAll @IntRange(max = 1_000) int place) {
        byte[] signed = KEY.sign(unsigned(object));
        assertThat(SIGNED.judge(SignedObject.read(signed)))
                .isEqualTo(new Verdict.Taken(KEY.verifying().id()));
        signed[place % (object.length + 96)] ^= 1;
        assertThat(SIGNED.judge(SignedObject.read(signed))).isInstanceOf(Verdict.Untrusted.class);
    }

    @Test
    void keys_comeBackFromTheirText() throws KeyFormatException {
        SigningKey read = SigningKey.read(KEY.pem());
        assertThat(read.pem()).isEqualTo(KEY.pem());
        assertThat(read.verifying().id()).isEqualTo(KEY.verifying().id());
        assertThat(VerifyingKey.read(KEY.verifying().pem()).id())
                .isEqualTo(read.verifying().id());
        byte[] object = {1, 2, 3};
        assertThat(read.sign(unsigned(object))).isEqualTo(KEY.sign(unsigned(object)));
    }

    /** Test 1 of RFC 8032, section 7.1, in the encodings of RFC 8410. */
    @Test
    void publicKey_isTheOneOfThePrivateKey() throws KeyFormatException {
        String seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        String pem = Pem.encode(HexFormat.of().parseHex("302e020100300506032b657004220420" + seed), "PRIVATE KEY");
        assertThat(SigningKey.read(pem).verifying().pem())
                .isEqualTo(Pem.encode(
                        HexFormat.of()
                                .parseHex("302a300506032b6570032100"
                                        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
                        "PUBLIC KEY"));
    }

    @Test
    void signingAgain_replacesTheSignature() {
        byte[] twice = OTHER.sign(SignedObject.read(KEY.sign(unsigned(new byte[] {7}))));
        assertThat(SignedObject.read(twice).keyId()).contains(OTHER.verifying().id());
        assertThat(SignedObject.read(twice).object()).containsExactly(7);
    }

    @Test
    void objects_areTakenAsThePolicySays() {
        SignedObject plain = unsigned(new byte[] {1});
        SignedObject other = SignedObject.read(OTHER.sign(plain));
        assertThat(SIGNED.judge(plain)).isInstanceOf(Verdict.Unsigned.class);
        assertThat(SIGNED.judge(other)).isInstanceOf(Verdict.Untrusted.class);
        TrustPolicy both = new TrustPolicy(List.of(KEY.verifying()), true);
        assertThat(both.judge(plain)).isEqualTo(new Verdict.Taken(""));
        assertThat(both.judge(other)).isInstanceOf(Verdict.Untrusted.class);
        assertThat(TrustPolicy.ANYBODY.judge(plain)).isEqualTo(new Verdict.Taken(""));
        assertThat(TrustPolicy.ANYBODY.judge(other)).isEqualTo(new Verdict.Taken(""));
        assertThat(new TrustPolicy(List.of(), false).judge(other)).isInstanceOf(Verdict.Untrusted.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n????\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n"
            })
    void otherTexts_areNoKeys(String text) {
        assertThatThrownBy(() -> SigningKey.read(text)).isInstanceOf(KeyFormatException.class);
        assertThatThrownBy(() -> VerifyingKey.read(text.replace("PRIVATE", "PUBLIC")))
                .isInstanceOf(KeyFormatException.class);
        assertThatThrownBy(() -> SigningKey.read("-----BEGIN A-----".repeat(100_000)))
                .isInstanceOf(KeyFormatException.class);
    }
}
