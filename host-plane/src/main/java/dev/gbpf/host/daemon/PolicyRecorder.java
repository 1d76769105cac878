package dev.gbpf.host.daemon;

import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.failsafe.ExitInfo;
import dev.gbpf.host.failsafe.Quarantine;
import dev.gbpf.host.failsafe.Trip;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.record.Activation;
import dev.gbpf.host.record.Outcome;
import dev.gbpf.host.record.Quarantined;
import dev.gbpf.host.record.RecordStore;
import dev.gbpf.host.record.RecordStoreException;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.TrialOutcome;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.thread.Joining;
import dev.gbpf.object.ObjectHash;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes what becomes of policies into the record store, in order, on a thread of its own: the plane never waits for the disk. Whoever
 * acknowledges a change calls {@link #flush} before.
 */
final class PolicyRecorder implements PlaneListener, AutoCloseable {
    /** Who did it when nobody asked for it. */
    static final String PLANE = "plane";

    /** Activations that are kept, at least. */
    static final int KEPT = 1_000;

    /** So many more may gather before the oldest are forgotten. */
    private static final int SURPLUS = 100;

    private static final String IMMEDIATE = "immediate";
    /** The reason of an activation that is a trial. */
    static final String TRIAL = "trial";

    private static final long PATIENCE_S = 10;

    /** How long something waits at most that nobody flushes: what the failsafe did, ns. */
    private static final long LOOK_EVERY_NS = 50_000_000L;

    private final RecordStore store;
    private final EventLog log;
    private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();
    private final Thread writer =
            Thread.ofPlatform().name("gbpf-records").daemon(true).unstarted(this::run);
    private volatile boolean closing;
    /** Of the policies that were stored, by their tags. */
    private final Map<String, ObjectHash> hashes = new ConcurrentHashMap<>();

    /** Who asked for the command that is carried out; of the plane's thread. */
    private @Nullable String asking;

    // Of the writer's thread.
    private OptionalLong deciding = OptionalLong.empty();
    private OptionalLong onTrial = OptionalLong.empty();
    private @Nullable RuntimeException failed;
    private int begun;

    /** A recorder that closes the store when it is closed. */
    PolicyRecorder(RecordStore store, EventLog log) {
        this.store = store;
        this.log = log;
        store.prune(KEPT, Set.of());
        writer.start();
    }

    /**
     * Stores a policy; the disk has it when this returns.
     *
     * @param object the file as it was given
     * @throws RequestException when the disk does not take it
     */
    void store(ObjectHash hash, String name, byte[] object) throws RequestException {
        try {
            store.store(hash, name, object, Instant.now());
        } catch (RecordStoreException e) {
            log.write("policy " + name + " was not stored: " + e.getMessage());
            throw new RequestException(
                    ReplyCode.NOT_RECORDED, "policy " + name + " was not loaded: " + e.getMessage(), "");
        }
        hashes.put(hash.tag(), hash);
    }

    /** Whoever asks for the command that the plane's thread carries out now; null when it is done. */
    void asking(@Nullable String by) {
        asking = by;
    }

    private String by() {
        String by = asking;
        return by == null ? PLANE : by;
    }

    // ---- on the plane's thread

    @Override
    public void activated(ActivationRecord activation) {
        if (activation.toTag().isEmpty()) {
            // Of a policy that is taken out, ejected() tells more.
            return;
        }
        Instant at = Instant.now();
        String by = by();
        Outcome.Kind kind = activation.rollsBack() ? Outcome.Kind.ROLLED_BACK : Outcome.Kind.REPLACED;
        write("that " + activation.to() + " decides", () -> {
            Outcome outcome = new Outcome(at, kind, by, "by " + activation.to(), activation.fromDecisions());
            OptionalLong before = deciding;
            deciding = OptionalLong.empty();
            Activation.Start start = start(
                    activation.toTag(), at, activation.reason(), IMMEDIATE, by, new SwapOutcome.Activated(activation));
            deciding = OptionalLong.of(
                    before.isPresent() ? store.succeed(before.getAsLong(), outcome, start) : store.begin(start));
        });
    }

    @Override
    public void ejected(ExitInfo exit) {
        boolean asked = exit.trip().kind() == Trip.Kind.OPERATOR;
        Outcome outcome = new Outcome(
                Instant.now(),
                asked ? Outcome.Kind.UNLOADED : Outcome.Kind.EJECTED,
                by(),
                exit.trip().text(),
                exit.decisions());
        if (!asked) {
            log.write(exit.policy() + " was taken out: " + exit.trip().text()
                    + (exit.quarantined() ? "; it is in quarantine" : ""));
        }
        write("that " + exit.policy() + " was taken out", () -> {
            OptionalLong ended = deciding;
            deciding = OptionalLong.empty();
            if (ended.isPresent()) {
                if (asked) {
                    store.end(ended.getAsLong(), outcome);
                } else {
                    store.end(ended.getAsLong(), outcome, exit.dump());
                }
            }
        });
    }

    @Override
    public void stopped(String policy, long decisions, long nowNs) {
        Outcome outcome = new Outcome(Instant.now(), Outcome.Kind.STOPPED, "", "", decisions);
        write("that " + policy + " was stopped", () -> {
            OptionalLong ended = deciding;
            deciding = OptionalLong.empty();
            ended.ifPresent(id -> store.end(id, outcome));
        });
    }

    @Override
    public void trialStarted(TrialReport trial) {
        Instant at = Instant.now();
        String by = by();
        write("that " + trial.policy() + " is on trial", () -> {
            onTrial = OptionalLong.empty();
            onTrial = OptionalLong.of(
                    store.begin(start(trial.tag(), at, TRIAL, trial.mode(), by, new SwapOutcome.TrialStarted(trial))));
        });
    }

    @Override
    public void trialEnded(TrialReport trial) {
        Outcome outcome = new Outcome(
                Instant.now(), kind(trial), by(), trial.why(), trial.candidate().decisions());
        write("that the trial of " + trial.policy() + " is over", () -> {
            OptionalLong ended = onTrial;
            onTrial = OptionalLong.empty();
            ended.ifPresent(id -> store.end(
                    id,
                    outcome,
                    ChangeJson.outcome(new SwapOutcome.TrialEnded(trial)).toString()));
        });
    }

    private static Outcome.Kind kind(TrialReport trial) {
        if (trial.outcome().equals(TrialOutcome.PROMOTED.word())) {
            return Outcome.Kind.PROMOTED;
        }
        return trial.outcome().equals(TrialOutcome.ROLLED_BACK.word())
                ? Outcome.Kind.ROLLED_BACK
                : Outcome.Kind.DROPPED;
    }

    @Override
    public void quarantined(Quarantine.Entry policy) {
        Quarantined record = new Quarantined(policy.tag(), policy.policy(), policy.reason(), Instant.now());
        write("that " + policy.policy() + " is in quarantine", () -> store.quarantine(record));
    }

    // ---- on the writer's thread

    /** What begins; the oldest are forgotten first where that is due. */
    private Activation.Start start(String tag, Instant at, String reason, String mode, String by, SwapOutcome what) {
        ObjectHash hash = hashes.get(tag);
        if (hash == null) {
            throw new RecordStoreException("policy " + tag + " was never stored");
        }
        if (++begun % SURPLUS == 0) {
            store.prune(KEPT, Set.copyOf(hashes.values()));
        }
        String detail = ChangeJson.outcome(what).toString();
        return new Activation.Start(at, hash, reason, mode, by, detail);
    }

    /** Has something written soon; nobody is woken, for that takes time that the plane does not have. */
    private void write(String what, Runnable change) {
        changes.add(() -> {
            // Whatever goes wrong is told to whoever asks next, and the log.
            try {
                change.run();
            } catch (RuntimeException e) {
                failed = e;
                log.write("not recorded, " + what + ": " + e.getMessage());
            }
        });
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, LOOK_EVERY_NS);
            drain();
        }
    }

    private void drain() {
        for (Runnable next = changes.poll(); next != null; next = changes.poll()) {
            next.run();
        }
    }

    // ---- for whoever acknowledges

    /** An image refused to decide. */
    void refused(LoadedPolicy policy, String reason, String mode, String by, String why) {
        Instant at = Instant.now();
        write(
                "that " + policy.name() + " refused",
                () -> store.refused(
                        new Activation.Start(at, policy.hash(), reason, mode, by, ""),
                        new Outcome(at, Outcome.Kind.REFUSED, "", why, 0)));
    }

    /**
     * Waits until the disk has all that happened before.
     *
     * @throws RequestException when it did not take something of it
     */
    void flush() throws RequestException {
        CompletableFuture<Optional<RuntimeException>> written = new CompletableFuture<>();
        changes.add(() -> {
            RuntimeException failure = failed;
            failed = null;
            written.complete(Optional.ofNullable(failure));
        });
        LockSupport.unpark(writer);
        Optional<RuntimeException> failure;
        try {
            failure = written.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new RequestException(
                    ReplyCode.NOT_RECORDED,
                    "the change was made, and the disk has not taken its record within " + PATIENCE_S + " s",
                    "gbpf policy history shows whether it did");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException(ReplyCode.STOPPED, "the daemon stops", "");
        }
        if (failure.isPresent()) {
            throw new RequestException(
                    ReplyCode.NOT_RECORDED,
                    "the change was made, and not recorded: " + failure.get().getMessage(),
                    "");
        }
    }

    /** What is recorded. */
    RecordStore records() {
        return store;
    }

    /** Writes what is left, and closes the store; call when the plane has ended. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        Joining.join(writer);
        drain();
        store.close();
    }
}
