package dev.gbpf.host.daemon;

import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** The policies that a daemon holds. Each is there once, by its tag. Safe for several threads. */
final class PolicyTable {
    /** Policies at once, at most. */
    static final int MAX_POLICIES = 64;

    private static final int SHORTEST_TAG = 4;

    /** Verifications at once: they take processor time from the plane's thread. */
    private final Semaphore verifying = new Semaphore(1);

    private final List<LoadedPolicy> policies = new ArrayList<>();
    private long ids;

    /** What became of loading a policy; it is not new when one of the same behaviour was there. */
    record Loaded(LoadedPolicy policy, boolean isNew) {}

    /** Stores a policy durably. */
    @FunctionalInterface
    interface Storage {
        /** Returns when the disk has it. */
        void store(ObjectHash hash) throws RequestException;
    }

    /**
     * Verifies a policy, has it stored, and keeps it.
     *
     * @param loadedBy who brings it
     * @param signedBy id of the key that signed it, or empty
     * @throws RequestException when the verifier rejects it, it cannot be stored, or there are too many
     */
    Loaded load(PolicyObject object, String loadedBy, String signedBy, Storage storage) throws RequestException {
        verifying.acquireUninterruptibly();
        VerificationResult result;
        try {
            result = new Verifier().verify(object);
        } finally {
            verifying.release();
        }
        return switch (result) {
            case VerificationResult.Rejected rejected ->
                throw new RequestException(
                        ReplyCode.REJECTED,
                        "the verifier rejects the policy " + object.name(),
                        "see why: gbpf verify",
                        rejected.diagnostics());
            case VerificationResult.Accepted accepted -> {
                ObjectHash hash = ObjectHash.of(object);
                storage.store(hash);
                yield keep(object, hash, accepted, loadedBy, signedBy);
            }
        };
    }

    private synchronized Loaded keep(
            PolicyObject object,
            ObjectHash hash,
            VerificationResult.Accepted accepted,
            String loadedBy,
            String signedBy)
            throws RequestException {
        Optional<LoadedPolicy> known = byTag(hash.tag());
        if (known.isPresent()) {
            return new Loaded(known.get(), false);
        }
        if (policies.size() >= MAX_POLICIES) {
            throw new RequestException(
                    ReplyCode.FULL,
                    "there are " + MAX_POLICIES + " policies loaded already",
                    "unload one: gbpf policy unload POLICY");
        }
        LoadedPolicy policy = new LoadedPolicy(++ids, object, hash, accepted, loadedBy, signedBy, Instant.now());
        policies.add(policy);
        return new Loaded(policy, true);
    }

    /** All, in the order in which they came. */
    synchronized List<LoadedPolicy> all() {
        return List.copyOf(policies);
    }

    /** The policy of a tag. */
    synchronized Optional<LoadedPolicy> byTag(String tag) {
        return policies.stream().filter(p -> p.tag().equals(tag)).findFirst();
    }

    /** Forgets a policy. */
    synchronized void remove(LoadedPolicy policy) {
        policies.remove(policy);
    }

    /**
     * The policy that somebody means by an id, a tag or the beginning of one, or a name; a name means the one loaded last.
     *
     * @throws RequestException when there is none, or several
     */
    synchronized LoadedPolicy find(String reference) throws RequestException {
        List<LoadedPolicy> found =
                policies.stream().filter(p -> p.name().equals(reference)).toList();
        if (!found.isEmpty()) {
            return found.getLast();
        }
        found = policies.stream()
                .filter(p -> Long.toString(p.id()).equals(reference))
                .toList();
        if (found.isEmpty() && reference.length() >= SHORTEST_TAG) {
            found = policies.stream().filter(p -> p.tag().startsWith(reference)).toList();
        }
        if (found.size() > 1) {
            throw new RequestException(
                    ReplyCode.AMBIGUOUS,
                    reference + " is the beginning of several tags: "
                            + found.stream().map(LoadedPolicy::tag).collect(Collectors.joining(", ")),
                    "");
        }
        if (found.isEmpty()) {
            throw new RequestException(
                    ReplyCode.NOT_FOUND,
                    "no policy " + reference + " is loaded",
                    policies.isEmpty()
                            ? "load one: gbpf policy load FILE"
                            : "loaded are "
                                    + policies.stream()
                                            .map(LoadedPolicy::name)
                                            .distinct()
                                            .collect(Collectors.joining(", ")));
        }
        return found.getFirst();
    }
}
