package dev.gbpf.host.authority;

import dev.gbpf.object.SignedObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;

/** A private Ed25519 key, which signs objects. */
public final class SigningKey {
    /** What is signed begins so: a signature of something else with the same key says nothing about objects. */
    private static final byte[] DOMAIN = "gBPF policy object, signature 1\0".getBytes(StandardCharsets.US_ASCII);

    private static final String LABEL = "PRIVATE KEY";

    private final PrivateKey key;
    private final VerifyingKey verifying;

    private SigningKey(KeyPair pair) {
        this.key = pair.getPrivate();
        this.verifying = new VerifyingKey(pair.getPublic());
    }

    static byte[] domain() {
        return DOMAIN.clone();
    }

    /** A new key. */
    public static SigningKey generate() {
        return fromRandom(new SecureRandom());
    }

    /**
     * Reads a key, in PEM (PKCS #8) as {@code gbpf key} and OpenSSL write it.
     *
     * @throws KeyFormatException when it is none
     */
    public static SigningKey read(String pem) throws KeyFormatException {
        byte[] bytes = Pem.decode(pem, LABEL);
        try {
            PrivateKey read =
                    KeyFactory.getInstance(VerifyingKey.ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            if (read instanceof EdECPrivateKey edwards && edwards.getBytes().isPresent()) {
                return fromRandom(new Seed(edwards.getBytes().get()));
            }
            throw new KeyFormatException("the " + LABEL + " cannot be read out", null);
        } catch (GeneralSecurityException e) {
            throw new KeyFormatException("the " + LABEL + " is not one of " + VerifyingKey.ALGORITHM, e);
        }
    }

    /** The private key is nothing but 32 random bytes, from which the public one is computed when a pair is made. */
    private static SigningKey fromRandom(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(VerifyingKey.ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, random);
            return new SigningKey(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + VerifyingKey.ALGORITHM, e);
        }
    }

    /** Gives out the bytes that it was made with. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] seed;

        Seed(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }

    /** Its public half. */
    public VerifyingKey verifying() {
        return verifying;
    }

    /** The key in PEM. */
    public String pem() {
        return Pem.encode(key.getEncoded(), LABEL);
    }

    /** An object with this key's signature behind it, in place of one that it had. */
    public byte[] sign(SignedObject object) {
        byte[] bytes = object.object();
        try {
            Signature signer = Signature.getInstance(VerifyingKey.ALGORITHM);
            signer.initSign(key);
            signer.update(DOMAIN);
            signer.update(bytes);
            return SignedObject.write(bytes, verifying.id(), signer.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + VerifyingKey.ALGORITHM, e);
        }
    }
}
