package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Records of policies and of what became of them. When a method that changes something returns, the change survives a crash of
 * the process and of the machine; when it throws {@link RecordStoreException}, the change has happened as a whole or not at all.
 * Safe for several threads. No method belongs on the way of a decision: each change waits for the disk.
 */
public interface RecordStore extends AutoCloseable {
    /** Longest report, in characters. */
    int MAX_REPORT = 1 << 20;

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
     * An activation begins in place of another, which ends: both, or neither.
     *
     * @param ended the other one
     * @param outcome how that ended; a second end of the same one changes nothing
     * @return the id of the one that begins
     * @throws RecordStoreException also when the policy is not stored, or there is no such activation
     */
    long succeed(long ended, Outcome outcome, Activation.Start start);

    /**
     * An activation that was over when it began.
     *
     * @return its id
     * @throws RecordStoreException also when the policy is not stored
     */
    long refused(Activation.Start start, Outcome outcome);

    /**
     * An activation has ended. A second end of the same one changes nothing.
     *
     * @throws RecordStoreException also when there is no such activation
     */
    void end(long activation, Outcome outcome);

    /**
     * The same, with what was found then, which is stored together with the outcome: an exit dump, the report of a trial.
     *
     * @param report a JSON document of at most {@link #MAX_REPORT} characters
     * @throws IllegalArgumentException when the report is longer
     */
    void end(long activation, Outcome outcome, String report);

    /** What was found at the end of an activation, if it has ended and anything was. */
    Optional<String> report(long activation);

    /**
     * The last activations, the youngest first.
     *
     * @param limit how many at most, positive
     */
    List<Activation> activations(int limit);

    /** The activation of an id. */
    Optional<Activation> activation(long id);

    /**
     * Forgets the oldest activations that have ended, with their reports, and policies that were stored before all that are left
     * and that none of those names.
     *
     * @param keep how many activations stay, positive
     * @param held policies that stay in any case
     * @return how many activations were forgotten
     */
    int prune(int keep, Set<ObjectHash> held);

    /** A policy must not decide before it is released. One that is there already stays as it is. */
    void quarantine(Quarantined policy);

    /**
     * A policy may decide again.
     *
     * @param tag of the policy
     * @return false when it was not in quarantine
     */
    boolean release(String tag);

    /** All that are in quarantine, the one that came last first. */
    List<Quarantined> quarantined();

    /** Gives the file back. Other methods must not be called any more. */
    @Override
    void close();
}
