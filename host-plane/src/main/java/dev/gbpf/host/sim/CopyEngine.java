package dev.gbpf.host.sim;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** One direction's copy engine: one piece of a copy at a time. */
final class CopyEngine {
    /*
     * Three places: `later` for those whose time has not come, `whole` for copies in one piece, in order of arrival, and
     * `split` for the others, of which each goes to the end of the line with its next piece. Whoever is in one piece goes
     * first: it waits for the piece that moves and for those like it, whatever else there is to copy.
     */
    private record Later(long readyNs, long sequence, Transfer transfer) implements Comparable<Later> {
        @Override
        public int compareTo(Later other) {
            int byTime = Long.compare(readyNs, other.readyNs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final CopyEngineSpec spec;
    private final ArrayDeque<Transfer> whole = new ArrayDeque<>();
    private final ArrayDeque<Transfer> split = new ArrayDeque<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    private @Nullable Transfer moving;
    private @Nullable DeviceExecution piece;
    private long pieceBytes;
    private long endNs = Long.MAX_VALUE;
    private long sequence;
    private long enteredBytes;
    private long movedBytes;
    private boolean held;

    CopyEngine(CopyEngineSpec spec) {
        this.spec = spec;
    }

    CopyEngineSpec spec() {
        return spec;
    }

    /** Bytes that the copies which it holds have still to move; those of the piece that moves are among them. */
    long bytes() {
        return enteredBytes - movedBytes;
    }

    /** When the piece that moves ends or the time of another comes, ns; {@link Long#MAX_VALUE} when neither will. */
    long nextEventNs() {
        Later first = later.peek();
        return first == null ? endNs : Math.min(endNs, first.readyNs());
    }

    boolean isIdle() {
        return moving == null && !held;
    }

    /**
     * Something that is no job's copy holds it, until {@link #letGo}.
     *
     * @return when so many bytes are over, ns
     */
    long hold(long bytes, long nowNs) {
        held = true;
        return nowNs + spec.durationNs(bytes);
    }

    void letGo() {
        held = false;
    }

    void add(StartedJob copy, long nowNs) {
        Transfer transfer = new Transfer(copy, nowNs);
        enteredBytes += transfer.left();
        line(transfer, nowNs);
    }

    private void line(Transfer transfer, long nowNs) {
        if (transfer.readyNs() > nowNs) {
            later.add(new Later(transfer.readyNs(), sequence++, transfer));
        } else if (transfer.terms.givesWay()) {
            split.add(transfer);
        } else {
            whole.add(transfer);
        }
    }

    /** The next piece begins when the engine is free and one may; it is returned, or null. */
    @Nullable
    DeviceExecution beginNext(long id, long nowNs) {
        for (Later first = later.peek(); first != null && first.readyNs() <= nowNs; first = later.peek()) {
            line(later.remove().transfer(), nowNs);
        }
        if (!isIdle()) {
            return null;
        }
        Transfer next = whole.isEmpty() ? split.poll() : whole.poll();
        if (next == null) {
            return null;
        }
        DeviceExecution begun = DeviceExecution.single(id, next.started.job, next.started.vslice, nowNs);
        moving = next;
        piece = begun;
        pieceBytes = next.nextBytes();
        endNs = nowNs + spec.durationNs(pieceBytes);
        return begun;
    }

    /** Takes out the piece when it ends now, ends it, and returns it; else null. */
    @Nullable
    DeviceExecution removeEnded(long nowNs) {
        Transfer transfer = moving;
        DeviceExecution ended = piece;
        if (transfer == null || ended == null || nowNs < endNs) {
            return null;
        }
        moving = null;
        piece = null;
        endNs = Long.MAX_VALUE;
        long tookNs = nowNs - ended.startNs();
        ended.end(tookNs);
        movedBytes += pieceBytes;
        if (transfer.moved(pieceBytes, tookNs)) {
            ended.lastPiece(transfer.earlierNs());
        } else {
            ended.piece();
            line(transfer, nowNs);
        }
        return ended;
    }

    /**
     * Counts the bytes from scratch.
     *
     * @throws IllegalStateException when some are missing, or the engine stands still although a copy may move
     */
    void check(String owner) {
        long left = moving == null ? 0 : moving.left();
        for (Transfer transfer : whole) {
            left += transfer.left();
        }
        for (Transfer transfer : split) {
            left += transfer.left();
        }
        for (Later waiting : later) {
            left += waiting.transfer().left();
        }
        if (left != bytes()) {
            throw new IllegalStateException(owner + ": bytes entered=" + enteredBytes + ", moved=" + movedBytes
                    + ", but the copies that it holds have left=" + left);
        }
        if (isIdle() && !(whole.isEmpty() && split.isEmpty())) {
            throw new IllegalStateException(owner + ": copies wait and none moves");
        }
    }
}
