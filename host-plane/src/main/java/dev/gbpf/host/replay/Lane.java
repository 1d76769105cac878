package dev.gbpf.host.replay;

import dev.gbpf.host.interpose.VirtualProcess;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.sim.ContextSpec;
import dev.gbpf.host.sim.TimeSlicedDevice;
import dev.gbpf.host.sim.TimeSlicedDevice.Place;

/** An application that runs its program: one thing after the other, held by the gate, by a full queue, and by its own waits. */
final class Lane {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int STREAMS = RecordedEvent.ALL_STREAMS;

    /** A call that is held brings reports in each so often, ns. */
    private static final long HELD_RELAY_NS = 50_000;

    /** A program that begins anew takes at least so long, ns. */
    private static final long LEAST_LOOP_NS = 1_000_000;

    private enum State {
        /** Its own time, until a call begins. */
        BETWEEN,
        /** In the gate. */
        HELD,
        /** Waits for room in the driver's queue. */
        FULL,
        /** In the driver. */
        CALLING,
        /** Waits for work. */
        WAITING,
        ENDED
    }

    private final Program program;
    private final VirtualProcess process;
    private final TimeSlicedDevice device;
    private final int context;
    private final ContextSpec spec;
    private final boolean repeats;

    private State state = State.BETWEEN;
    private int next;
    private long dueNs;
    private long shiftNs;
    private long loopBeganNs;
    private long heldSinceNs;
    private long heldEpoch;
    private long relayDueNs = NEVER;
    private boolean changed;

    private final long[] base = new long[STREAMS];
    private final long[] over = new long[STREAMS];
    private final Reports reports;
    private final Requests requests = new Requests(STREAMS);
    private long launches;
    private long waits;
    private long workNs;
    private long held;
    private long heldNs;

    /**
     * An application at the beginning of its program.
     *
     * @param repeats whether it begins anew when it is through
     */
    Lane(
            Program program,
            VirtualProcess process,
            TimeSlicedDevice device,
            int context,
            ContextSpec spec,
            boolean repeats) {
        this.program = program;
        this.process = process;
        this.device = device;
        this.context = context;
        this.spec = spec;
        this.repeats = repeats;
        this.reports = new Reports(process, STREAMS);
        for (int stream = 0; stream < STREAMS; stream++) {
            if (program.works(stream) > 0) {
                process.open(stream);
            }
        }
        if (program.actions().isEmpty()) {
            state = State.ENDED;
            dueNs = NEVER;
        } else {
            begin(0);
        }
    }

    VirtualProcess process() {
        return process;
    }

    int context() {
        return context;
    }

    /** When it acts by itself, ns. */
    long dueNs() {
        return Math.min(dueNs, relayDueNs);
    }

    /** Whether it wrote anything into its segment since it was last asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    private Action action() {
        return program.actions().get(next);
    }

    /** Its own time before the next action. */
    private void begin(long nowNs) {
        Action action = action();
        state = State.BETWEEN;
        if (action.arriveNs() < 0) {
            dueNs = nowNs + action.gapNs();
        } else {
            // Who asks does not ask faster because the last answer was late by more than the time between two
            // questions.
            shiftNs = Math.max(shiftNs, nowNs - action.arriveNs() - Math.max(0, action.gapNs()));
            dueNs = Math.max(nowNs, action.arriveNs() + shiftNs);
        }
    }

    /** Does what is due. */
    void act(long nowNs) {
        if (relayDueNs <= nowNs) {
            relay();
        }
        while (dueNs <= nowNs) {
            switch (state) {
                case BETWEEN -> call(nowNs);
                case CALLING -> submit(nowNs);
                case WAITING -> goOn(nowNs);
                case HELD -> pass(nowNs);
                case FULL, ENDED -> dueNs = NEVER;
            }
        }
    }

    private void call(long nowNs) {
        Action action = action();
        if (action.kind() == EventKind.WAIT) {
            waitFor(nowNs);
            return;
        }
        requests.began(action.stream(), nowNs, action.arriveNs() >= 0);
        boolean governed = isGoverned(action);
        if (governed && !process.passes(action.stream())) {
            relay();
        }
        if (governed && !process.passes(action.stream())) {
            state = State.HELD;
            held++;
            heldSinceNs = nowNs;
            heldEpoch = process.holdEpoch();
            process.hold(action.stream(), action.costNs());
            changed = true;
            dueNs = nowNs + process.holdLimitNs();
        } else {
            enter(nowNs);
        }
    }

    private static boolean isGoverned(Action action) {
        return action.kind() == EventKind.KERNEL || action.kind() == EventKind.GRAPH;
    }

    /** The plane has decided anew: whether a call that is held may pass. */
    void look(long nowNs) {
        if (state == State.HELD) {
            Action action = action();
            if (process.passes(action.stream()) || process.holdEpoch() != heldEpoch) {
                pass(nowNs);
            }
        }
    }

    private void pass(long nowNs) {
        process.release(action().stream(), action().costNs());
        heldNs += nowNs - heldSinceNs;
        enter(nowNs);
    }

    private void enter(long nowNs) {
        Action action = action();
        if (isGoverned(action) && process.needsStopPoint(action.stream())) {
            device.launch(context, action.stream(), 0, nowNs + spec.launchNs(), Place.STOP_POINT, 0, 0);
        }
        process.charge(action.stream(), action.costNs());
        changed = true;
        if (device.pending(context) >= spec.queueDepth()) {
            state = State.FULL;
            dueNs = NEVER;
        } else {
            state = State.CALLING;
            dueNs = nowNs + action.callNs();
        }
    }

    private void submit(long nowNs) {
        Action action = action();
        int stream = action.stream();
        if (process.launched(stream)) {
            reports.ask(stream, process.launches(stream));
        }
        relay();
        Place place = switch (action.kind()) {
            case COPY_TO_DEVICE -> Place.COPY_TO_DEVICE;
            case COPY_FROM_DEVICE -> Place.COPY_FROM_DEVICE;
            default -> Place.SMS;
        };
        device.launch(
                context,
                stream,
                process.launches(stream),
                nowNs + spec.launchNs(),
                place,
                action.workNs(),
                action.width());
        launches++;
        changed = true;
        advance(nowNs);
    }

    private void advance(long nowNs) {
        next++;
        if (next < program.actions().size()) {
            begin(nowNs);
        } else if (repeats) {
            next = 0;
            for (int stream = 0; stream < STREAMS; stream++) {
                base[stream] += program.works(stream);
            }
            long at = Math.max(nowNs, loopBeganNs + LEAST_LOOP_NS);
            loopBeganNs = at;
            begin(at);
        } else {
            state = State.ENDED;
            dueNs = NEVER;
        }
    }

    private void waitFor(long nowNs) {
        state = State.WAITING;
        dueNs = isOver() ? nowNs : NEVER;
    }

    private boolean isOver() {
        Action action = action();
        if (action.stream() < STREAMS) {
            return over[action.stream()] >= base[action.stream()] + action.upTo();
        }
        return device.pending(context) == 0;
    }

    private void goOn(long nowNs) {
        Action action = action();
        waits++;
        for (int stream = 0; stream < STREAMS; stream++) {
            if (stream == action.stream() || (action.stream() == STREAMS && program.works(stream) > 0)) {
                waited(stream, action.stream() == STREAMS ? over[stream] : base[stream] + action.upTo(), nowNs);
            }
        }
        changed = true;
        advance(nowNs);
    }

    private void waited(int stream, long upTo, long nowNs) {
        if (program.works(stream) > 0) {
            process.waited(stream, upTo);
            requests.waited(stream, upTo, nowNs);
        }
    }

    /** The device has come to the end of a work. */
    void over(int stream, long number, long nowNs, long ranNs) {
        over[stream] = number;
        workNs += ranNs;
        if (reports.over(stream, number)) {
            bring(nowNs);
        }
        if (state == State.WAITING && dueNs == NEVER && isOver()) {
            dueNs = nowNs + spec.noticeNs();
        } else if (state == State.FULL && device.pending(context) < spec.queueDepth()) {
            state = State.CALLING;
            dueNs = nowNs + action().callNs();
        }
    }

    /** A report is to be brought to the daemon. */
    private void bring(long nowNs) {
        if (spec.relayNs() == 0) {
            relay();
        } else if (state == State.HELD) {
            relayDueNs = Math.min(relayDueNs, nowNs + HELD_RELAY_NS);
        } else {
            relayDueNs = Math.min(relayDueNs, (nowNs / spec.relayNs() + 1) * spec.relayNs());
        }
    }

    private void relay() {
        relayDueNs = NEVER;
        reports.bring();
        changed = true;
    }

    Requests requests() {
        return requests;
    }

    long launches() {
        return launches;
    }

    long waits() {
        return waits;
    }

    long workNs() {
        return workNs;
    }

    long held() {
        return held;
    }

    long heldNs() {
        return heldNs;
    }
}
