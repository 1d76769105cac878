package dev.gbpf.object;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Identity of a policy's behaviour: SHA-256 of the object's encoding without source, line information and types, and with the
 * programs in the order of their hooks. Two objects with the same hash do the same, whatever their source looks like.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ObjectHash(String hex) {
    /** Digits of a tag. */
    public static final int TAG_LENGTH = 16;

    private static final int HEX_LENGTH = 64;

    public ObjectHash {
        if (hex.length() != HEX_LENGTH
                || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("hash hex=" + hex + " is not 64 lower-case hexadecimal digits");
        }
    }

    /**
     * The hash of an object.
     *
     * @throws ObjectFormatException when the format cannot hold the object
     */
    public static ObjectHash of(PolicyObject object) {
        List<ProgramObject> programs = object.programs().stream()
                .map(p -> new ProgramObject(p.hook(), p.program(), List.of()))
                .sorted(Comparator.comparingInt(p -> p.hook().id()))
                .toList();
        List<MapDefinition> maps =
                object.maps().stream().map(MapDefinition::withoutTypes).toList();
        PolicyObject canonical = new PolicyObject(object.name(), object.abi(), maps, programs, null);
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return new ObjectHash(HexFormat.of().formatHex(sha256.digest(ObjectWriter.write(canonical))));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The first 16 digits: how people and tools refer to a policy, as to a program's tag in bpftool. */
    public String tag() {
        return hex.substring(0, TAG_LENGTH);
    }

    @Override
    public String toString() {
        return hex;
    }
}
