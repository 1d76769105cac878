package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobState;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.MemoryGate;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.verifier.Certificate;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hooks engine. It asks the active image about each job, keeps dispatch queues and streams in order, hands jobs to the
 * device, and changes the image between two decisions. Without an image it is in bypass: first in, first out, and nothing is
 * refused.
 *
 * <p>All methods belong to one thread, the plane's; {@link #requestActivation} alone may be called from any.
 */
public final class PolicyPlane implements JobScheduler, AutoCloseable {
    /*
     * A job's way: submit -> on_submit -> a dispatch queue -> on_dispatch names the queue -> on_admit -> device -> on_retire.
     *
     * Order of streams. A policy may choose a job whose stream has an older one that still waits, possibly in another queue.
     * The older one then goes in its place (it inherits the choice), and the chosen one keeps its place: the device sees every
     * stream in order, and the choice is not lost.
     *
     * Memory. A job whose turn it is, but for which the device lacks memory, keeps its place and closes the memory gate: until
     * memory comes back, queues show only jobs that can go without. So the policy's order decides who gets memory next, and
     * the jobs whose ends free it are never blocked behind one that waits for it.
     *
     * Swap. The new image's init runs on a queue set of its own; only when it agrees does the set, and the image with it,
     * replace the old one. Queues that a new version of the same policy creates again are taken over with their jobs. All
     * other waiting jobs are offered to the new image in order of arrival. Jobs on the device are not touched.
     */

    /** Reason of a rejection by the plane itself: the job needs more memory than the device has. */
    public static final long REASON_TOO_LARGE = -12;

    private final DevicePlane device;
    private final LongSupplier clock;
    private final PlaneListener listener;
    private final PlaneStatistics statistics = new PlaneStatistics();
    private final Arena arena = Arena.ofShared();
    private final HookContexts contexts;
    private final PlaneHelpers helpers;
    private final StallGuard stallGuard;
    private final QueueHolds holds = new QueueHolds();
    private final MemoryGate memoryGate = new MemoryGate();
    private final Queue<ActivationRequest> requests = new ConcurrentLinkedQueue<>();
    private final DispatchQueue global =
            new DispatchQueue((int) Constants.DSQ_GLOBAL, DispatchQueue.Order.FIFO, memoryGate);

    private DispatchQueues queues = new DispatchQueues(global, memoryGate);
    private @Nullable PolicyImage image;
    private @Nullable ExecutableProgram onSubmit;
    private @Nullable ExecutableProgram onAdmit;
    private @Nullable ExecutableProgram onDispatch;
    private @Nullable ExecutableProgram onRetire;
    private @Nullable ExecutableProgram onTick;
    private long imageDecisions;
    private long arrivals;
    private long ticks;
    private int queued;
    private int running;

    private record ActivationRequest(
            PolicyImage image, ActivationReason reason, CompletableFuture<ActivationOutcome> outcome) {}

    /**
     * A plane in bypass.
     *
     * @param config tenants and limits
     * @param device where jobs run
     * @param clock the plane's clock, ns; virtual or monotonic
     * @param listener told about each job
     */
    public PolicyPlane(PlaneConfig config, DevicePlane device, LongSupplier clock, PlaneListener listener) {
        this.device = device;
        this.clock = clock;
        this.listener = listener;
        this.contexts = new HookContexts(arena, config.tenants().size(), device.vslices());
        this.helpers = new PlaneHelpers(config, device, clock, statistics, listener, queues);
        this.stallGuard = new StallGuard(config.stallLimitNs());
    }

    // ---------------------------------------------------------------------------------------------------- events

    @Override
    public void submit(Job job) {
        applyRequests();
        long now = clock.getAsLong();
        holds.eventHappened();
        if (job.state() != JobState.NEW) {
            throw new IllegalStateException(job + " was submitted before");
        }
        job.arrival(arrivals++);
        job.state(JobState.QUEUED);
        job.stream().append(job);
        if (queued == 0) {
            stallGuard.progress(now);
        }
        queued++;
        listener.submitted(job, now);
        if (job.spec().bytes() > device.memoryBytes()) {
            reject(job, REASON_TOO_LARGE, now);
        } else {
            place(job, now);
        }
    }

    @Override
    public void finished(Job job, long runNs, boolean failed) {
        applyRequests();
        if (job.state() != JobState.RUNNING) {
            throw new IllegalStateException(job + " ended, but it was not running");
        }
        long now = clock.getAsLong();
        holds.eventHappened();
        job.state(JobState.RETIRED);
        running--;
        helpers.countEnded(job);
        stallGuard.progress(now);
        memoryGate.open();
        ExecutableProgram program = onRetire;
        if (program != null) {
            run(Hook.ON_RETIRE, program, contexts.fillRetire(job, now, runNs, failed));
        }
        listener.retired(job, runNs, failed, now);
    }

    @Override
    public void tick() {
        applyRequests();
        long now = clock.getAsLong();
        holds.eventHappened();
        boolean memoryShort = !memoryGate.isOpen();
        memoryGate.open();
        ExecutableProgram program = onTick;
        if (program != null) {
            run(Hook.ON_TICK, program, contexts.fillTick(now, ticks, queued, running));
        }
        ticks++;
        if (image != null && stallGuard.stalled(now, queued > 0 && hasRoom() && !memoryShort, holds.nextEndNs(now))) {
            eject("stall: " + queued + " jobs waited while the device had room", now);
        }
    }

    private boolean hasRoom() {
        for (int vslice = 0; vslice < device.vslices(); vslice++) {
            if (device.room(vslice) > 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long wakeUpNs() {
        if (queued == 0) {
            return Long.MAX_VALUE;
        }
        long now = clock.getAsLong();
        if (helpers.kicked() || !requests.isEmpty()) {
            return now;
        }
        return holds.nextEndNs(now);
    }

    @Override
    public int queued() {
        return queued;
    }

    /** Jobs that the device holds. */
    public int running() {
        return running;
    }

    public PlaneStatistics statistics() {
        return statistics;
    }

    public PolicyLog log() {
        return helpers.policyLog();
    }

    public PolicyTrace trace() {
        return helpers.policyTrace();
    }

    /** Name of the policy that decides, {@link ActivationRecord#BYPASS} when none does. */
    public String activePolicy() {
        PolicyImage active = image;
        return active == null ? ActivationRecord.BYPASS : active.name();
    }

    /** What each hook of the policy that decides costs at most, as the verifier proved it; empty when none decides. */
    public Map<Hook, Certificate> certificates() {
        PolicyImage active = image;
        return active == null ? Map.of() : active.certificates();
    }

    // ------------------------------------------------------------------------------------------------- placement

    private void place(Job job, long now) {
        ExecutableProgram program = onSubmit;
        if (program == null) {
            enqueue(job, global, 0, now);
            return;
        }
        helpers.beginPlacement();
        long verdict = run(Hook.ON_SUBMIT, program, contexts.fillSubmit(job, now, queued - 1, running));
        if (verdict == 1) {
            startDirectly(job, now);
        } else if (verdict == 2) {
            reject(job, contexts.submitReason(), now);
        } else {
            DispatchQueue chosen = helpers.chosen();
            enqueue(job, chosen == null ? global : chosen, helpers.chosenVtime(), now);
        }
    }

    private void enqueue(Job job, DispatchQueue queue, long vtime, long now) {
        queue.insert(job, vtime, helpers.nextInsertion());
        listener.queued(job, queue.id(), now);
    }

    private void reject(Job job, long reason, long now) {
        leaveQueue(job);
        job.state(JobState.REJECTED);
        stallGuard.progress(now);
        listener.rejected(job, reason, now);
    }

    /** Takes a waiting job out of its queue and its stream. */
    private void leaveQueue(Job job) {
        DispatchQueue queue = job.queue();
        if (queue != null) {
            queue.remove(job);
        }
        job.stream().remove(job);
        queued--;
    }

    // -------------------------------------------------------------------------------------------------- dispatch

    @Override
    public void dispatch() {
        applyRequests();
        helpers.clearKick();
        long now = clock.getAsLong();
        for (int vslice = 0; vslice < device.vslices() && queued > 0; vslice++) {
            int room = device.room(vslice);
            while (room > 0 && queued > 0) {
                applyRequests();
                DispatchQueue queue = chooseQueue(now, vslice, room);
                if (queue == null) {
                    break;
                }
                serve(queue, now, vslice);
                room = device.room(vslice);
            }
        }
    }

    private @Nullable DispatchQueue chooseQueue(long now, int vslice, int room) {
        if (global.head() != null && global.heldUntilNs() <= now) {
            return global;
        }
        ExecutableProgram program = onDispatch;
        if (program == null) {
            return queues.oldestServable(now);
        }
        long context = contexts.fillDispatch(now, vslice, room, device.sms(vslice), queued, running);
        long verdict = run(Hook.ON_DISPATCH, program, context);
        if (verdict == 0) {
            // Idle by choice; after an ejection in that very run the jobs are in the global queue.
            return image == null && global.head() != null ? global : null;
        }
        DispatchQueue queue = queues.find(verdict);
        if (queue == null || queue.head() == null || queue.heldUntilNs() > now) {
            statistics.countEmptyChoice();
            return null;
        }
        return queue;
    }

    /** Sends, rejects or defers the head of a queue, or the older job of its stream that must go first. */
    private void serve(DispatchQueue queue, long now, int vslice) {
        Job head = queue.head();
        Job job = head == null ? null : head.stream().first();
        DispatchQueue from = job == null ? null : job.queue();
        if (head == null || job == null || from == null) {
            throw new IllegalStateException(queue + " has no head that its stream knows");
        }
        if (job != head) {
            statistics.countInherited();
            if (from.heldUntilNs() > now && from.head() == job) {
                holds.hold(queue, from.heldUntilNs() == Long.MAX_VALUE ? now : from.heldUntilNs(), now);
                return;
            }
        }
        ExecutableProgram program = onAdmit;
        if (program != null) {
            long context = contexts.fillAdmit(job, now, from.id(), running, helpers.inflight(job), vslice);
            long verdict = run(Hook.ON_ADMIT, program, context);
            if (verdict == 1) {
                statistics.countDeferral();
                holds.hold(queue, contexts.deferUntilNs(), now);
                return;
            }
            if (verdict == 2) {
                reject(job, contexts.admitReason(), now);
                return;
            }
        }
        if (!start(job, now, vslice)) {
            statistics.countMemoryWait();
            memoryGate.close();
        }
    }

    /** A verdict of DIRECT: the waiting jobs of the stream go first, then the job; what lacks memory waits in the global queue. */
    private void startDirectly(Job job, long now) {
        JobStream stream = job.stream();
        int vslice = roomiest();
        Job next;
        do {
            next = stream.first();
            if (next == null) {
                throw new IllegalStateException(job + " is not in its stream");
            }
            if (!start(next, now, vslice)) {
                statistics.countMemoryWait();
                enqueue(job, global, 0, now);
                return;
            }
        } while (next != job);
    }

    private int roomiest() {
        int best = 0;
        for (int vslice = 1; vslice < device.vslices(); vslice++) {
            if (device.room(vslice) > device.room(best)) {
                best = vslice;
            }
        }
        return best;
    }

    /** Hands a waiting job to the device; false, and nothing changes, when the device lacks memory for it. */
    private boolean start(Job job, long now, int vslice) {
        job.dispatched(now, vslice);
        if (device.start(job, vslice) == DevicePlane.StartResult.NO_MEMORY) {
            return false;
        }
        leaveQueue(job);
        job.state(JobState.RUNNING);
        running++;
        stallGuard.progress(now);
        helpers.countStarted(job);
        listener.dispatched(job, now);
        return true;
    }

    // ------------------------------------------------------------------------------------------------ activation

    /**
     * Asks for a change of policy from any thread; the plane carries it out before its next decision.
     *
     * @return completed on the plane's thread with what became of it
     */
    public CompletableFuture<ActivationOutcome> requestActivation(PolicyImage next, ActivationReason reason) {
        CompletableFuture<ActivationOutcome> outcome = new CompletableFuture<>();
        requests.add(new ActivationRequest(next, reason, outcome));
        return outcome;
    }

    private void applyRequests() {
        if (requests.isEmpty()) {
            return;
        }
        for (ActivationRequest request = requests.poll(); request != null; request = requests.poll()) {
            request.outcome().complete(activate(request.image(), request.reason()));
        }
    }

    /** Makes an image the one that decides, from the next decision on; refused when its {@code init} says so. */
    public ActivationOutcome activate(PolicyImage next, ActivationReason reason) {
        long now = clock.getAsLong();
        PolicyImage previous = image;
        boolean sameName = previous != null && previous.name().equals(next.name());
        DispatchQueues prepared = new DispatchQueues(global, memoryGate);
        ActivationOutcome refusal = initialise(next, prepared, sameName ? queues : null, reason, now);
        if (refusal != null) {
            return refusal;
        }
        holds.clear();
        DispatchQueues left = queues;
        long decisionsOfPrevious = imageDecisions;
        publish(next, prepared);
        if (previous != null) {
            leave(previous, Constants.EXIT_SWAPPED, decisionsOfPrevious, now);
        }
        List<Job> waiting = left.drainExcept(sameName ? prepared : null);
        ActivationRecord activation = new ActivationRecord(
                now,
                previous == null ? ActivationRecord.BYPASS : previous.name(),
                next.name(),
                reason.word(),
                queued,
                waiting.size(),
                next.mapChanges().kept(),
                next.mapChanges().fresh(),
                next.mapChanges().dropped());
        listener.activated(activation);
        for (Job job : waiting) {
            job.markReoffered();
            place(job, now);
        }
        return new ActivationOutcome.Activated(activation);
    }

    private @Nullable ActivationOutcome initialise(
            PolicyImage next,
            DispatchQueues prepared,
            @Nullable DispatchQueues takeOver,
            ActivationReason reason,
            long now) {
        ExecutableProgram program = next.program(Hook.INIT);
        if (program == null) {
            return commit(next);
        }
        helpers.use(prepared, takeOver);
        try {
            statistics.countDecision(Hook.INIT);
            int kept = next.mapChanges().kept().size();
            long verdict = program.run(contexts.fillInit(now, reason.number(), kept, queued), helpers);
            if (verdict != 0) {
                return new ActivationOutcome.Refused(next.name(), "its init returned reason code " + verdict);
            }
            return commit(next);
        } catch (RuntimeException e) {
            return new ActivationOutcome.Refused(next.name(), "its init failed: " + e);
        } finally {
            helpers.use(queues, null);
        }
    }

    private static @Nullable ActivationOutcome commit(PolicyImage next) {
        try {
            next.activated();
            return null;
        } catch (IllegalStateException e) {
            return new ActivationOutcome.Refused(next.name(), "its maps changed after it was loaded; load it again");
        }
    }

    private void publish(@Nullable PolicyImage next, DispatchQueues nextQueues) {
        image = next;
        queues = nextQueues;
        helpers.use(nextQueues, null);
        onSubmit = next == null ? null : next.program(Hook.ON_SUBMIT);
        onAdmit = next == null ? null : next.program(Hook.ON_ADMIT);
        onDispatch = next == null ? null : next.program(Hook.ON_DISPATCH);
        onRetire = next == null ? null : next.program(Hook.ON_RETIRE);
        onTick = next == null ? null : next.program(Hook.ON_TICK);
        imageDecisions = 0;
        stallGuard.progress(clock.getAsLong());
    }

    private void leave(PolicyImage previous, long kind, long decisions, long now) {
        ExecutableProgram program = previous.program(Hook.EXIT);
        if (program != null) {
            statistics.countDecision(Hook.EXIT);
            try {
                program.run(contexts.fillExit(now, kind, 0, decisions), helpers);
            } catch (RuntimeException e) {
                listener.faulted(previous.name(), Hook.EXIT, e.toString(), now);
            }
        }
        previous.left();
    }

    /** Takes the policy out: bypass decides at once, every waiting job joins the global queue in order of arrival. */
    public ActivationRecord bypass(String reason) {
        return eject(reason, clock.getAsLong());
    }

    private ActivationRecord eject(String reason, long now) {
        PolicyImage previous = image;
        holds.clear();
        DispatchQueues left = queues;
        long decisions = imageDecisions;
        publish(null, new DispatchQueues(global, memoryGate));
        List<Job> waiting = left.drainExcept(null);
        for (Job job : waiting) {
            enqueue(job, global, 0, now);
        }
        if (previous != null) {
            leave(previous, Constants.EXIT_EJECTED, decisions, now);
        }
        ActivationRecord activation = new ActivationRecord(
                now,
                previous == null ? ActivationRecord.BYPASS : previous.name(),
                ActivationRecord.BYPASS,
                reason,
                queued,
                0,
                List.of(),
                List.of(),
                List.of());
        listener.activated(activation);
        return activation;
    }

    /** Runs a program of the active image. One that fails is taken out, and the hook's default verdict holds. */
    private long run(Hook hook, ExecutableProgram program, long context) {
        statistics.countDecision(hook);
        imageDecisions++;
        try {
            return program.run(context, helpers);
        } catch (RuntimeException e) {
            long now = clock.getAsLong();
            helpers.beginPlacement();
            listener.faulted(activePolicy(), hook, e.toString(), now);
            eject("run-time error in " + hook.symbol() + ": " + e, now);
            return hook.verdict().defaultVerdict();
        }
    }

    /** Runs the active policy's {@code exit} and frees the plane's native memory. */
    @Override
    public void close() {
        PolicyImage active = image;
        if (active != null) {
            long decisions = imageDecisions;
            publish(null, new DispatchQueues(global, memoryGate));
            leave(active, Constants.EXIT_DONE, decisions, clock.getAsLong());
        }
        arena.close();
    }
}
