package dev.gbpf.host.plane;

import static dev.gbpf.host.plane.ContextMemory.U32;
import static dev.gbpf.host.plane.ContextMemory.U64;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Collective;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.vm.ExecutableProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks {@code on_collective_phase} how the ranks of an operation go, and knows the operations that are under way. */
final class Collectives {
    /*
     * What the first rank is told holds for all of them, as long as the same side decides: ranks of one gang that were told
     * different things would wait for each other for ever. After a change of the policy the ranks that wait are offered again,
     * and whoever decides then is asked anew. An operation of which a rank runs already is no gang any more: the others are
     * to follow as soon as they can.
     */
    private static final int BOOST = 1;
    private static final int GANG = 2;
    private static final int GANG_BOOST = 3;

    private static final long DEFAULT_WAIT_NS = 100_000_000;
    private static final long LONGEST_WAIT_NS = 1_000_000_000;

    private final PlaneState state;
    private final HookRunner hooks;
    private final MemorySegment context;

    /** Where a rank's job goes. */
    enum Way {
        /** To on_submit, like any other. */
        OWN,
        /** To the global queue. */
        AHEAD,
        /** To where its ranks meet. */
        GANG,
        /** Its side failed in that very run: whoever decides now is asked. */
        AGAIN
    }

    Collectives(PlaneState state, HookRunner hooks, Arena arena) {
        this.state = state;
        this.hooks = hooks;
        this.context = HookContexts.allocate(arena, Hook.ON_COLLECTIVE_PHASE);
    }

    /** Operations of which ranks have entered and not all are over, in the order in which they came. */
    List<Collective> underWay() {
        return state.collectives;
    }

    /**
     * A rank's job comes in.
     *
     * @return the side that decides about it when the operation's ranks before it have one, or null
     */
    @Nullable
    Side entered(Job job, CollectiveRank part, long nowNs) {
        Collective operation = part.operation();
        operation.entered(job, part.rank(), nowNs);
        if (operation.entered() == 1) {
            state.collectives.add(operation);
        }
        for (int rank = 0; rank < operation.ranks(); rank++) {
            Job other = operation.part(rank);
            if (other != null && other != job) {
                return state.owner(other);
            }
        }
        return null;
    }

    /** Asks the side that decides about a job which way it goes. */
    Way way(Job job, CollectiveRank part, Side side, long nowNs) {
        Collective operation = part.operation();
        int verdict = ask(job, part, side, Constants.COLLECTIVE_BEGIN, false, nowNs);
        if (state.owner(job) != side) {
            return Way.AGAIN;
        }
        long wait = context.get(U64, Layout.GANG_WAIT);
        if (operation.decider() != side.number) {
            operation.decided(side.number, verdict);
            operation.meeting(null);
        }
        int decided = operation.verdict();
        boolean gang = decided == GANG || decided == GANG_BOOST;
        if (!gang || operation.started() > 0 || operation.ranks() > places()) {
            return decided == BOOST || (gang && operation.started() > 0) ? Way.AHEAD : Way.OWN;
        }
        if (operation.meeting() == null) {
            DispatchQueue meeting = side.queues.meet();
            operation.meeting(meeting);
            long limit = wait == 0 ? DEFAULT_WAIT_NS : wait < 0 ? LONGEST_WAIT_NS : Math.min(wait, LONGEST_WAIT_NS);
            side.holds.hold(meeting, nowNs + limit, nowNs);
        }
        return Way.GANG;
    }

    /** Whether room is kept free for a gang from when all its ranks are there. */
    static boolean boosted(Collective operation) {
        return operation.verdict() == GANG_BOOST;
    }

    private long places() {
        long places = 0;
        for (int vslice = 0; vslice < state.device.vslices(); vslice++) {
            places += state.device.places(vslice);
        }
        return places;
    }

    /** A rank goes to the device. */
    void started(CollectiveRank part) {
        part.operation().partStarted();
    }

    /** A rank's part is over on the device. */
    void ended(Job job, CollectiveRank part, boolean failed, long nowNs) {
        leave(part);
        ask(job, part, state.owner(job), Constants.COLLECTIVE_END, failed, nowNs);
    }

    /** A rank's job was refused. */
    void rejected(CollectiveRank part) {
        leave(part);
    }

    private void leave(CollectiveRank part) {
        Collective operation = part.operation();
        operation.partOver();
        if (operation.over() == operation.ranks()) {
            state.collectives.remove(operation);
        }
    }

    private int ask(Job job, CollectiveRank part, Side side, long phase, boolean failed, long nowNs) {
        int verdict = 0;
        ExecutableProgram program = side.onCollectivePhase;
        if (program != null) {
            long filled = fill(job, part, side, phase, failed, nowNs);
            verdict = (int) hooks.run(side, Hook.ON_COLLECTIVE_PHASE, program, filled, job, nowNs);
        }
        long wait = context.get(U64, Layout.GANG_WAIT);
        ShadowTrial shadow = state.shadow;
        if (shadow != null && shadow.side().onCollectivePhase != null) {
            long again = fill(job, part, side, phase, failed, nowNs);
            shadow.asked(Hook.ON_COLLECTIVE_PHASE, shadow.side().onCollectivePhase, again, job, verdict, nowNs);
            context.set(U64, Layout.GANG_WAIT, wait);
        }
        return verdict;
    }

    private long fill(Job job, CollectiveRank part, Side side, long phase, boolean failed, long nowNs) {
        Collective operation = part.operation();
        HookContexts.fillJob(context, job, nowNs);
        context.set(U64, Layout.COMMUNICATOR, operation.communicator());
        context.set(U64, Layout.OPERATION, operation.operation());
        context.set(U64, Layout.MESSAGE_BYTES, operation.bytes());
        context.set(U64, Layout.WAITED, nowNs - operation.enteredNs());
        context.set(U64, Layout.QUEUED, side.queued);
        context.set(U64, Layout.RUNNING, state.counts.running());
        context.set(U32, Layout.PHASE, (int) phase);
        context.set(U32, Layout.RANK, part.rank());
        context.set(U32, Layout.NRANKS, operation.ranks());
        context.set(U32, Layout.ENTERED, operation.entered());
        context.set(U32, Layout.OVER, operation.over());
        context.set(U32, Layout.STATUS, (int) (failed ? Constants.STATUS_FAILED : Constants.STATUS_OK));
        context.set(U32, Layout.SLOTS, (int) Math.min(Integer.MAX_VALUE, state.device.room()));
        context.set(U32, Layout.VSLICES, state.device.vslices());
        context.set(U64, Layout.GANG_WAIT, 0);
        return context.address();
    }

    /** Where the fields are that only this hook's context has. */
    private static final class Layout {
        static final long COMMUNICATOR = offset("communicator");
        static final long OPERATION = offset("operation");
        static final long MESSAGE_BYTES = offset("message_bytes");
        static final long WAITED = offset("waited_ns");
        static final long QUEUED = offset("queued");
        static final long RUNNING = offset("running");
        static final long PHASE = offset("phase");
        static final long RANK = offset("rank");
        static final long NRANKS = offset("nranks");
        static final long ENTERED = offset("entered");
        static final long OVER = offset("over");
        static final long STATUS = offset("status");
        static final long SLOTS = offset("slots");
        static final long VSLICES = offset("vslices");
        static final long GANG_WAIT = offset("gang_wait_ns");

        private Layout() {}

        private static long offset(String field) {
            return Hook.ON_COLLECTIVE_PHASE.context().offsetOf(field);
        }
    }
}
