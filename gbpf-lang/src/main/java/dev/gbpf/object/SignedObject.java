package dev.gbpf.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An object file that may have a signature behind it.
 *
 * <pre>
 * object | key id, 32 | signature, 64 | length, 4 | magic, 8
 *
 * length = bytes from the key id to the end; little-endian
 * </pre>
 *
 * What the signature says is for others to judge; the trailer is found by its magic at the end, and no object ends so.
 */
public final class SignedObject {
    private static final byte[] MAGIC = {(byte) 0x89, 'G', 'B', 'S', 'I', 'G', '1', '\n'};
    private static final int KEY_ID = 32;
    private static final int SIGNATURE = 64;
    private static final int TRAILER = KEY_ID + SIGNATURE + Integer.BYTES + MAGIC.length;

    private final byte[] object;
    private final byte[] keyId;
    private final byte[] signature;

    private SignedObject(byte[] object, byte[] keyId, byte[] signature) {
        this.object = object;
        this.keyId = keyId;
        this.signature = signature;
    }

    /**
     * Parts a file.
     *
     * @throws ObjectFormatException when it ends like a signature and has none
     */
    public static SignedObject read(byte[] bytes) {
        int end = bytes.length;
        if (end < MAGIC.length || !Arrays.equals(bytes, end - MAGIC.length, end, MAGIC, 0, MAGIC.length)) {
            return new SignedObject(bytes.clone(), new byte[0], new byte[0]);
        }
        int lengthAt = end - MAGIC.length - Integer.BYTES;
        int length = lengthAt < 0
                ? 0
                : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(lengthAt);
        if (length != TRAILER || end < TRAILER) {
            throw new ObjectFormatException(
                    ObjectProblem.SIGNATURE,
                    Math.max(0, lengthAt),
                    "length=" + length + ", expected " + TRAILER + " bytes that are there",
                    "sign the object again: gbpf sign");
        }
        int begin = end - TRAILER;
        return new SignedObject(
                Arrays.copyOf(bytes, begin),
                Arrays.copyOfRange(bytes, begin, begin + KEY_ID),
                Arrays.copyOfRange(bytes, begin + KEY_ID, begin + KEY_ID + SIGNATURE));
    }

    /**
     * Puts a signature behind an object.
     *
     * @param object without a signature
     * @param keyId 64 hexadecimal digits
     * @param signature 64 bytes
     * @throws IllegalArgumentException when they have other lengths
     */
    public static byte[] write(byte[] object, String keyId, byte[] signature) {
        byte[] id = HexFormat.of().parseHex(keyId);
        if (id.length != KEY_ID || signature.length != SIGNATURE) {
            throw new IllegalArgumentException(
                    "key id has bytes=" + id.length + ", signature has bytes=" + signature.length);
        }
        return ByteBuffer.allocate(object.length + TRAILER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(object)
                .put(id)
                .put(signature)
                .putInt(TRAILER)
                .put(MAGIC)
                .array();
    }

    /** The object's own bytes. */
    public byte[] object() {
        return object.clone();
    }

    /** Which key has signed it, 64 hexadecimal digits; nothing when none has. */
    public Optional<String> keyId() {
        return keyId.length == 0 ? Optional.empty() : Optional.of(HexFormat.of().formatHex(keyId));
    }

    /** The signature, 64 bytes; empty when there is none. */
    public byte[] signature() {
        return signature.clone();
    }
}
