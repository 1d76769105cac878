package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.TrialReport;

/** Tells both. */
record TwoListeners(PlaneListener first, PlaneListener second) implements PlaneListener {
    @Override
    public void submitted(Job job, long nowNs) {
        first.submitted(job, nowNs);
        second.submitted(job, nowNs);
    }

    @Override
    public void queued(Job job, int dsq, long nowNs) {
        first.queued(job, dsq, nowNs);
        second.queued(job, dsq, nowNs);
    }

    @Override
    public void dispatched(Job job, long nowNs) {
        first.dispatched(job, nowNs);
        second.dispatched(job, nowNs);
    }

    @Override
    public void retired(Job job, long runNs, boolean failed, long nowNs) {
        first.retired(job, runNs, failed, nowNs);
        second.retired(job, runNs, failed, nowNs);
    }

    @Override
    public void rejected(Job job, long reason, long nowNs) {
        first.rejected(job, reason, nowNs);
        second.rejected(job, reason, nowNs);
    }

    @Override
    public void faulted(String policy, Hook hook, String what, long nowNs) {
        first.faulted(policy, hook, what, nowNs);
        second.faulted(policy, hook, what, nowNs);
    }

    @Override
    public void activated(ActivationRecord activation) {
        first.activated(activation);
        second.activated(activation);
    }

    @Override
    public void trialStarted(TrialReport trial) {
        first.trialStarted(trial);
        second.trialStarted(trial);
    }

    @Override
    public void trialEnded(TrialReport trial) {
        first.trialEnded(trial);
        second.trialEnded(trial);
    }
}
