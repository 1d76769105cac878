package dev.gbpf.host.authority;

import dev.gbpf.object.SignedObject;
import java.util.List;
import java.util.Optional;

/**
 * Whose policies are taken.
 *
 * @param keys of those who are trusted
 * @param unsignedAllowed whether objects without a signature are taken; one with a signature must be of a trusted key in any case
 */
public record TrustPolicy(List<VerifyingKey> keys, boolean unsignedAllowed) {
    /** For a daemon that trusts whoever may load at all: no keys, no signatures. */
    public static final TrustPolicy ANYBODY = new TrustPolicy(List.of(), true);

    public TrustPolicy {
        keys = List.copyOf(keys);
    }

    /** What a policy's signature is worth. */
    public sealed interface Verdict {
        /** It is taken. */
        record Taken(String keyId) implements Verdict {}

        /** It has no signature, and needs one. */
        record Unsigned() implements Verdict {}

        /** Its signature does not count; says why. */
        record Untrusted(String why) implements Verdict {}
    }

    /** Judges an object. */
    public Verdict judge(SignedObject object) {
        Optional<String> id = object.keyId();
        if (id.isEmpty()) {
            return unsignedAllowed ? new Verdict.Taken("") : new Verdict.Unsigned();
        }
        Optional<VerifyingKey> key =
                keys.stream().filter(k -> k.id().equals(id.get())).findFirst();
        if (key.isEmpty()) {
            return keys.isEmpty() && unsignedAllowed
                    ? new Verdict.Taken("")
                    : new Verdict.Untrusted("the key " + id.get().substring(0, 16) + " is not trusted");
        }
        return key.get().verifies(object.object(), object.signature())
                ? new Verdict.Taken(id.get())
                : new Verdict.Untrusted(
                        "the signature is not the key " + id.get().substring(0, 16) + "'s over this object");
    }
}
