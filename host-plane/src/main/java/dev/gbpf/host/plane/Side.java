package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.failsafe.StallGuard;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.TrialMeter;
import dev.gbpf.host.vm.ExecutableProgram;
import org.jspecify.annotations.Nullable;

/**
 * One image that decides, with what is its own: programs, dispatch queues, deferrals, and a guard against stalls. Without an
 * image it is bypass. There is one side, or two while a canary runs.
 */
final class Side {
    /** Unique over the plane's life; a job remembers the side that it came to. */
    final long number;

    final @Nullable PolicyImage image;
    final DispatchQueues queues;
    final PlaneHelpers helpers;
    final QueueHolds holds = new QueueHolds();
    final StallGuard stallGuard;
    final @Nullable BpfMap ioBudgets;
    final SharedMaps shared;
    final @Nullable BpfMap obsCtrl;

    final @Nullable ExecutableProgram onSubmit;
    final @Nullable ExecutableProgram onAdmit;
    final @Nullable ExecutableProgram onDispatch;
    final @Nullable ExecutableProgram onRetire;
    final @Nullable ExecutableProgram onTick;
    final @Nullable ExecutableProgram onPreempt;
    final @Nullable ExecutableProgram onThermal;
    final @Nullable ExecutableProgram onCopyEnqueue;
    final @Nullable ExecutableProgram onCollectivePhase;
    final @Nullable ExecutableProgram onMemAlloc;
    final @Nullable ExecutableProgram onMemFault;
    final @Nullable ExecutableProgram onReclaim;

    /** When it began to decide. */
    long sinceNs;

    /** How often its programs ran. */
    long decisions;

    /** Jobs of this side that wait. */
    int queued;

    /** Choices of queues that are empty, held or missing. */
    long emptyChoices;

    /** The waiting job for which running kernels were asked last to give up their place, since the last tick; -1 for none. */
    long askedFor = -1;

    /** What a canary's trial measures of this side. */
    @Nullable
    TrialMeter meter;

    /** Whether its decisions are timed. */
    boolean timed;

    Side(long number, @Nullable PolicyImage image, DispatchQueues queues, HelperScope scope, StallGuard stallGuard) {
        this.number = number;
        this.image = image;
        this.queues = queues;
        this.helpers = new PlaneHelpers(scope, queues);
        this.stallGuard = stallGuard;
        this.ioBudgets = image == null ? null : IoBudgets.of(image);
        this.shared = new SharedMaps(image);
        this.obsCtrl = TraceControl.of(image);
        this.onSubmit = image == null ? null : image.program(Hook.ON_SUBMIT);
        this.onAdmit = image == null ? null : image.program(Hook.ON_ADMIT);
        this.onDispatch = image == null ? null : image.program(Hook.ON_DISPATCH);
        this.onRetire = image == null ? null : image.program(Hook.ON_RETIRE);
        this.onTick = image == null ? null : image.program(Hook.ON_TICK);
        this.onPreempt = image == null ? null : image.program(Hook.ON_PREEMPT);
        this.onThermal = image == null ? null : image.program(Hook.ON_THERMAL);
        this.onCopyEnqueue = image == null ? null : image.program(Hook.ON_COPY_ENQUEUE);
        this.onCollectivePhase = image == null ? null : image.program(Hook.ON_COLLECTIVE_PHASE);
        this.onMemAlloc = image == null ? null : image.program(Hook.ON_MEM_ALLOC);
        this.onMemFault = image == null ? null : image.program(Hook.ON_MEM_FAULT);
        this.onReclaim = image == null ? null : image.program(Hook.ON_RECLAIM);
    }

    /** It decides from here on, or is asked whether it will. */
    void begin(long nowNs) {
        sinceNs = nowNs;
        stallGuard.progress(nowNs);
    }

    /** The policy's name, {@link ActivationRecord#BYPASS} without an image. */
    String policy() {
        return image == null ? ActivationRecord.BYPASS : image.name();
    }

    /** Hash of its behaviour; empty without an image. */
    String tag() {
        return image == null ? "" : image.tag();
    }

    DispatchQueue global() {
        return queues.global();
    }

    /** What its policy did wrong without failing. */
    long errors() {
        return helpers.insertErrors() + emptyChoices;
    }

    /** Whether {@code next} is another version of its policy. */
    boolean hasPolicyOf(PolicyImage next) {
        return image != null && image.name().equals(next.name());
    }

    /**
     * Whether its policy hands out nothing; asked at each tick.
     *
     * @param couldWork whether its jobs wait and the device could take them
     */
    boolean stalled(long nowNs, boolean couldWork) {
        long nextEndNs = holds.nextEndNs(nowNs);
        stallGuard.deferredUntil(holds.lastEndNs());
        return stallGuard.stalled(nowNs, couldWork, nextEndNs);
    }

    /** A job of this side begins to wait. */
    void arrived(Job job, long nowNs) {
        if (queued == 0) {
            stallGuard.progress(nowNs);
        }
        queued++;
        job.decider(number);
        if (meter != null) {
            meter.arrived();
        }
    }

    /** A job of this side that the device held waits again. */
    void returned(Job job, long nowNs) {
        stallGuard.progress(nowNs);
        queued++;
        job.decider(number);
    }

    @Override
    public String toString() {
        return policy() + " (side " + number + ", " + Constants.DSQ_GLOBAL + ".."
                + queues.own().size() + " queues)";
    }
}
