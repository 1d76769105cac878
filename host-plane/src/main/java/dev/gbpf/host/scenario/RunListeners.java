package dev.gbpf.host.scenario;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.failsafe.ExitInfo;
import dev.gbpf.host.failsafe.Quarantine;
import dev.gbpf.host.plane.MemoryEvent;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.TrialReport;
import java.util.List;

/** Tells several listeners, in their order. */
public final class RunListeners implements PlaneListener {
    private final PlaneListener[] all;

    public RunListeners(List<PlaneListener> all) {
        this.all = all.toArray(new PlaneListener[0]);
    }

    @Override
    public void submitted(Job job, long nowNs) {
        for (PlaneListener listener : all) {
            listener.submitted(job, nowNs);
        }
    }

    @Override
    public void queued(Job job, int dsq, long nowNs) {
        for (PlaneListener listener : all) {
            listener.queued(job, dsq, nowNs);
        }
    }

    @Override
    public void dispatched(Job job, long nowNs) {
        for (PlaneListener listener : all) {
            listener.dispatched(job, nowNs);
        }
    }

    @Override
    public void yielded(Job job, long runNs, long nowNs) {
        for (PlaneListener listener : all) {
            listener.yielded(job, runNs, nowNs);
        }
    }

    @Override
    public void deadlocked(List<Job> waiting, long nowNs) {
        for (PlaneListener listener : all) {
            listener.deadlocked(waiting, nowNs);
        }
    }

    @Override
    public void memory(MemoryEvent event, Allocation allocation, long nowNs) {
        for (PlaneListener listener : all) {
            listener.memory(event, allocation, nowNs);
        }
    }

    @Override
    public void memoryUsed(int tenant, long bytes, long nowNs) {
        for (PlaneListener listener : all) {
            listener.memoryUsed(tenant, bytes, nowNs);
        }
    }

    @Override
    public void retired(Job job, long runNs, boolean failed, long nowNs) {
        for (PlaneListener listener : all) {
            listener.retired(job, runNs, failed, nowNs);
        }
    }

    @Override
    public void rejected(Job job, long reason, long nowNs) {
        for (PlaneListener listener : all) {
            listener.rejected(job, reason, nowNs);
        }
    }

    @Override
    public void faulted(String policy, Hook hook, String what, long nowNs) {
        for (PlaneListener listener : all) {
            listener.faulted(policy, hook, what, nowNs);
        }
    }

    @Override
    public void activated(ActivationRecord activation) {
        for (PlaneListener listener : all) {
            listener.activated(activation);
        }
    }

    @Override
    public void ejected(ExitInfo exit) {
        for (PlaneListener listener : all) {
            listener.ejected(exit);
        }
    }

    @Override
    public void quarantined(Quarantine.Entry policy) {
        for (PlaneListener listener : all) {
            listener.quarantined(policy);
        }
    }

    @Override
    public void stopped(String policy, long decisions, long nowNs) {
        for (PlaneListener listener : all) {
            listener.stopped(policy, decisions, nowNs);
        }
    }

    @Override
    public void trialStarted(TrialReport trial) {
        for (PlaneListener listener : all) {
            listener.trialStarted(trial);
        }
    }

    @Override
    public void trialEnded(TrialReport trial) {
        for (PlaneListener listener : all) {
            listener.trialEnded(trial);
        }
    }
}
