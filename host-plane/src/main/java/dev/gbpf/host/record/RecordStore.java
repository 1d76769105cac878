package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Records of policies and of what became of them. When a method that changes something returns, the change survives a crash of
 * the process and of the machine; when it throws {@link RecordStoreException}, the change has happened as a whole or not at all.
 * Safe for several threads. No method belongs on the way of a decision: each change waits for the disk.
 */
public interface RecordStore extends AutoCloseable {
    /** Longest exit dump, in characters. */
    int MAX_DUMP = 1 << 20;

    /**
     * Stores a policy object under the hash of what it does. One that is there already stays as it is.
     *
     * @param hash of the object
     * @param name of the policy
     * @param object the file as it was given, signature included
     * @param at by the wall clock
     */
    void store(ObjectHash hash, String name, byte[] object, Instant at);

    /** The bytes of a policy object. */
    Optional<byte[]> object(ObjectHash hash);

    /** All policies, the one that was stored last first. */
    List<StoredPolicy> policies();

    /**
     * An activation begins.
     *
     * @return its id
     * @throws RecordStoreException also when the policy is not stored
     */
    long begin(Activation.Start start);

    /**
     * An activation has ended. A second end of the same one changes nothing.
     *
     * @throws RecordStoreException also when there is no such activation
     */
    void end(long activation, Outcome outcome);

    /**
     * An activation was ejected, and this is what was found then: outcome and dump are stored together.
     *
     * @param dump a JSON document of at most {@link #MAX_DUMP} characters
     * @throws IllegalArgumentException when the dump is longer
     */
    void eject(long activation, Outcome outcome, String dump);

    /** The dump of an activation that was ejected. */
    Optional<String> exitDump(long activation);

    /**
     * The last activations, the youngest first.
     *
     * @param limit how many at most, positive
     */
    List<Activation> activations(int limit);

    /**
     * Forgets the oldest activations that have ended, with their dumps, and policies that no activation that is left names.
     *
     * @param keep how many activations stay, positive
     * @return how many were forgotten
     */
    int prune(int keep);

    /** Gives the file back. Other methods must not be called any more. */
    @Override
    void close();
}
