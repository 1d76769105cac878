package dev.gbpf.host.daemon;

import dev.gbpf.abi.Hook;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.Certificate;
import dev.gbpf.verifier.VerificationResult;
import java.time.Instant;
import java.util.List;

/**
 * A policy that a daemon holds, verified.
 *
 * @param id the daemon's number for it, from 1
 * @param object the policy
 * @param hash of its behaviour
 * @param verified what the verifier said of it
 * @param loadedBy who brought it
 * @param signedBy id of the key that signed it, or empty
 * @param loadedAt when
 */
record LoadedPolicy(
        long id,
        PolicyObject object,
        ObjectHash hash,
        VerificationResult.Accepted verified,
        String loadedBy,
        String signedBy,
        Instant loadedAt) {
    String name() {
        return object.name();
    }

    /** The hash, shortened. */
    String tag() {
        return hash.tag();
    }

    /** What its programs cost at most, in the order of the object's programs. */
    List<Certificate> certificates() {
        return verified.certificates();
    }

    /** Whether it has a program for a hook. */
    boolean implementsHook(Hook hook) {
        return object.program(hook).isPresent();
    }

    /** Of the dearest hook, instructions; 0 when there is no hook. */
    long worstCase() {
        return certificates().stream()
                .mapToLong(Certificate::worstCaseInstructions)
                .max()
                .orElse(0);
    }

    @Override
    public String toString() {
        return name() + " (id " + id + ", tag " + tag() + ")";
    }
}
