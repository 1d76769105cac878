package dev.gbpf.host.plane;

import dev.gbpf.host.failsafe.TickSight;
import dev.gbpf.host.failsafe.Trip;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.SwapOutcome;

/** Asks the failsafe at each tick about the policy that decides, and does what it says. */
final class PolicyGuard {
    private final PlaneState state;
    private final SwapControl swaps;

    private final MemoryControl memory;

    PolicyGuard(PlaneState state, SwapControl swaps, MemoryControl memory) {
        this.state = state;
        this.swaps = swaps;
        this.memory = memory;
    }

    /** A tick begins: time in which the plane was not there is nobody's fault. */
    void begin(long nowNs) {
        state.observation.ticked();
        long lostNs = state.failsafe.lostNs(nowNs);
        if (lostNs != 0) {
            memory.forgive();
            leaveOut(state.control, lostNs, nowNs);
            if (state.canary != null) {
                leaveOut(state.canary.side(), lostNs, nowNs);
            }
        }
    }

    private static void leaveOut(Side side, long lostNs, long nowNs) {
        side.stallGuard.leaveOut(lostNs, nowNs);
        if (lostNs < 0) {
            side.holds.clockWentBack(side.queues);
        }
    }

    /**
     * The tick's programs have run.
     *
     * @param hasRoom whether the device could take a job when the tick began
     * @param memoryShort whether a job that was sent waited for device memory then
     */
    void judge(long nowNs, boolean hasRoom, boolean memoryShort) {
        if (state.failsafe.takeBaselineDue()) {
            bringBaseline();
        }
        Side control = state.control;
        boolean couldWork = control.queued > 0 && hasRoom && !memoryShort;
        boolean stalled = control.stalled(nowNs, couldWork);
        Trip trip = state.failsafe.judge(sight(control, nowNs, hasRoom, memoryShort), control.image != null);
        if (control.image == null) {
            return;
        }
        if (stalled) {
            swaps.eject(new Trip(Trip.Kind.STALL, control.queued + " jobs waited while the device had room"));
        } else if (trip != null && !rolledBack(trip)) {
            swaps.eject(trip);
        } else if (trip == null) {
            Trip held = state.failsafe.memoryHeldBack(memory.heldBackNs(nowNs));
            if (held != null) {
                swaps.eject(held);
            }
        }
    }

    /** While a canary is tried, what cannot be told apart is held against it: it is the newest change. */
    private boolean rolledBack(Trip trip) {
        if (state.canary == null || !trip.kind().blamesPolicy()) {
            return false;
        }
        swaps.rollBackTrial(trip.text());
        state.failsafe.restart();
        return true;
    }

    /** Bypass has decided since the ejection; it goes on when the baseline does not come. */
    private void bringBaseline() {
        PolicyImage image = state.failsafe.baseline().image().orElse(null);
        if (image == null) {
            return;
        }
        if (state.control.image == null
                && swaps.activate(image, ActivationReason.BASELINE) instanceof SwapOutcome.Activated) {
            state.failsafe.baselineBegan(image.tag());
        } else {
            image.discard();
        }
    }

    private TickSight sight(Side control, long nowNs, boolean hasRoom, boolean memoryShort) {
        long mapFailures = 0;
        if (control.image != null) {
            for (BpfMap map : control.image.maps()) {
                mapFailures += map.failedUpdates();
            }
        }
        return new TickSight(
                nowNs,
                control.number,
                hasRoom,
                memoryShort,
                state.counts.queued(),
                control.helpers.calls(),
                control.helpers.errors(),
                mapFailures,
                state.observation.timed(),
                state.observation.slow());
    }
}
