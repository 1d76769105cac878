package dev.gbpf.host.authority;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** A public Ed25519 key (RFC 8032), which says whether a signature is its own. */
public final class VerifyingKey {
    static final String ALGORITHM = "Ed25519";
    private static final String LABEL = "PUBLIC KEY";
    private static final int RAW = 32;

    private final PublicKey key;
    private final String id;

    VerifyingKey(PublicKey key) {
        this.key = key;
        this.id = idOf(key);
    }

    /**
     * Reads a key, in PEM as {@code gbpf key} and OpenSSL write it.
     *
     * @throws KeyFormatException when it is none
     */
    public static VerifyingKey read(String pem) throws KeyFormatException {
        byte[] bytes = Pem.decode(pem, LABEL);
        try {
            return new VerifyingKey(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(bytes)));
        } catch (GeneralSecurityException e) {
            throw new KeyFormatException("the " + LABEL + " is not one of " + ALGORITHM, e);
        }
    }

    private static String idOf(PublicKey key) {
        byte[] encoded = key.getEncoded();
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - RAW, encoded.length);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** SHA-256 of its 32 bytes, 64 hexadecimal digits. */
    public String id() {
        return id;
    }

    /** The key in PEM. */
    public String pem() {
        return Pem.encode(key.getEncoded(), LABEL);
    }

    /** Whether a signature is this key's over an object. */
    public boolean verifies(byte[] object, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(SigningKey.domain());
            verifier.update(object);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + ALGORITHM, e);
        }
    }
}
