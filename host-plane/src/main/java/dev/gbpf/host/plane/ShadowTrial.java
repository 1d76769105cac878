package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.Agreement;
import dev.gbpf.host.swap.GuardCheck;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.TrialMeter;
import dev.gbpf.host.swap.TrialOutcome;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.swap.TrialReport.Difference;
import dev.gbpf.host.vm.ExecutableProgram;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image that is asked about every live decision and changes nothing: its helpers work on a view of its own, of the same
 * waiting jobs in the places that it chose for them, and its verdicts are compared with those that count.
 */
final class ShadowTrial implements Trial {
    /*
     * The view follows what really happens: a job is in it for as long as it waits, wherever the shadow put it. A job that the
     * shadow would have rejected or sent at once, but which waits, is in none of its queues.
     */
    private final PlaneState state;
    private final PolicyImage image;
    private final SwapMode.Shadow mode;
    private final Side side;
    private final HookContexts contexts;
    private final ShadowJobs jobs = new ShadowJobs();
    private final Agreement agreement = new Agreement();
    private final TrialMeter meter;
    private final String live;
    private final long fromNs;
    private @Nullable String failure;

    /**
     * A trial that begins now.
     *
     * @param side the shadow's, with helpers of its own, whose {@code init} has run
     * @param contexts of its own, since the live ones are read after it was asked
     */
    ShadowTrial(PlaneState state, Side side, HookContexts contexts, SwapMode.Shadow mode, long nowNs) {
        this.state = state;
        this.side = side;
        this.contexts = contexts;
        this.image = Objects.requireNonNull(side.image);
        this.mode = mode;
        this.meter = new TrialMeter(mode.guards().windowNs(), nowNs);
        this.live = state.control.policy();
        this.fromNs = nowNs;
    }

    @Override
    public PolicyImage image() {
        return image;
    }

    @Override
    public SwapMode.Shadow mode() {
        return mode;
    }

    @Override
    public long fromNs() {
        return fromNs;
    }

    /** A job that waited when the trial began is offered to the shadow; that is compared with nothing. */
    void seeWaiting(Job job, long nowNs) {
        ask(job, nowNs);
    }

    /** A job came in, and the live verdict has been carried out. */
    void submitted(Job job, int live, long nowNs) {
        meter.arrived();
        int verdict = ask(job, nowNs);
        if (failure == null) {
            compare(Hook.ON_SUBMIT, job.id(), live, verdict, nowNs);
        }
    }

    private int ask(Job job, long nowNs) {
        side.helpers.beginPlacement();
        int verdict = (int) run(
                Hook.ON_SUBMIT,
                side.onSubmit,
                contexts.fillSubmit(job, nowNs, state.counts.queued() - 1, state.counts.running()));
        if (job.queue() != null && verdict == 0) {
            DispatchQueue chosen = side.helpers.chosen();
            jobs.add(
                    job,
                    chosen == null ? side.global() : chosen,
                    side.helpers.chosenVtime(),
                    state.counts.nextInsertion());
        }
        return verdict;
    }

    /** A place is to be filled: the live image chose a job, or none. */
    void dispatching(@Nullable Job live, long nowNs, int vslice, int room, int queued) {
        Job chosen = choose(nowNs, vslice, room, queued);
        if (failure != null || (live == null && chosen == null)) {
            return;
        }
        long liveId = live == null ? -1 : live.id();
        long shadowId = chosen == null ? -1 : chosen.id();
        if (liveId == shadowId) {
            agreement.same(Hook.ON_DISPATCH);
        } else {
            agreement.different(
                    Hook.ON_DISPATCH,
                    () -> new Difference(
                            nowNs, Hook.ON_DISPATCH.symbol(), liveId, described(liveId), described(shadowId)));
        }
    }

    private static String described(long job) {
        return job < 0 ? "idle" : "job " + job;
    }

    /** The twin of the job that the shadow would send. */
    private @Nullable Job choose(long nowNs, int vslice, int room, int queued) {
        DispatchQueue queue = side.global();
        if (queue.head() == null) {
            if (side.onDispatch == null) {
                queue = side.queues.oldestServable(nowNs);
            } else {
                long context = contexts.fillDispatch(
                        nowNs, vslice, room, state.device.sms(vslice), queued, state.counts.running());
                long verdict = run(Hook.ON_DISPATCH, side.onDispatch, context);
                queue = verdict == 0 ? null : side.queues.find(verdict);
                if (verdict != 0 && (queue == null || queue.head() == null || queue.heldUntilNs() > nowNs)) {
                    side.emptyChoices++;
                    queue = null;
                }
            }
        }
        Job head = queue == null ? null : queue.head();
        return head == null ? null : head.stream().first();
    }

    /** A job is about to go, and the live image said whether it may. */
    void admitting(Job job, int live, long nowNs, int vslice) {
        Job twin = jobs.twin(job);
        DispatchQueue queue = twin == null ? null : twin.queue();
        int dsq = queue == null ? side.global().id() : queue.id();
        long context = contexts.fillAdmit(job, nowNs, dsq, state.counts.running(), state.counts.inflight(job), vslice);
        int verdict = (int) run(Hook.ON_ADMIT, side.onAdmit, context);
        if (failure != null) {
            return;
        }
        if (verdict == 1 && live == 1 && queue != null) {
            side.holds.hold(queue, contexts.deferUntilNs(), nowNs);
        }
        compare(Hook.ON_ADMIT, job.id(), live, verdict, nowNs);
    }

    /** The live image was asked something else about a job, with this context filled anew. */
    void asked(Hook hook, @Nullable ExecutableProgram program, long context, Job job, int live, long nowNs) {
        int verdict = (int) run(hook, program, context);
        if (failure == null) {
            compare(hook, job.id(), live, verdict, nowNs);
        }
    }

    private void compare(Hook hook, long job, int live, int verdict, long nowNs) {
        if (live == verdict) {
            agreement.same(hook);
        } else {
            agreement.different(
                    hook, () -> new Difference(nowNs, hook.symbol(), job, word(hook, live), word(hook, verdict)));
        }
    }

    private static String word(Hook hook, int verdict) {
        return hook.verdict().names().stream()
                .filter(name -> name.value() == verdict)
                .map(name -> name.name())
                .findFirst()
                .orElse(Integer.toString(verdict));
    }

    /** A job waits no more. */
    void left(Job job) {
        jobs.remove(job);
    }

    void retired(Job job, long nowNs, long runNs, boolean failed) {
        side.holds.eventHappened();
        run(Hook.ON_RETIRE, side.onRetire, contexts.fillRetire(job, nowNs, runNs, failed));
    }

    void tick(long nowNs, long number) {
        side.holds.eventHappened();
        run(Hook.ON_TICK, side.onTick, contexts.fillTick(nowNs, number, state.counts.queued(), state.counts.running()));
    }

    /** Asks a program of the shadow; its default verdict when it has none, or has failed. */
    private long run(Hook hook, @Nullable ExecutableProgram program, long context) {
        if (program == null || failure != null) {
            return hook.verdict().defaultVerdict();
        }
        long beganNs = mode.timed() ? System.nanoTime() : 0;
        try {
            side.decisions++;
            return program.run(context, side.helpers);
        } catch (RuntimeException e) {
            failure = "run-time error in " + hook.symbol() + ": " + e;
            side.helpers.beginPlacement();
            return hook.verdict().defaultVerdict();
        } finally {
            meter.decided(mode.timed() ? System.nanoTime() - beganNs : 0);
        }
    }

    @Override
    public Optional<String> tripped(long nowNs) {
        if (failure != null) {
            return Optional.of(failure);
        }
        meter.errorsSoFar(side.errors());
        meter.advance(nowNs);
        return GuardCheck.tripped(mode.guards(), meter.window(_ -> {}), null, agreement);
    }

    /** The shadow's side, whose queues hold twins of the jobs that wait. */
    Side side() {
        return side;
    }

    /** Where the shadow has put a job that waits, or null when it has it in none of its queues. */
    @Nullable
    Job twin(Job job) {
        return jobs.twin(job);
    }

    @Override
    public TrialReport report(TrialOutcome outcome, String why, long nowNs) {
        return new TrialReport(
                mode.word(),
                image.name(),
                image.tag(),
                live,
                fromNs,
                nowNs,
                0,
                "",
                outcome.word(),
                why,
                agreement.byHook(),
                agreement.differences(),
                meter.summary(image.name()),
                null);
    }
}
