package dev.gbpf.host.sim;

import dev.gbpf.host.queue.CopyTerms;

/** A copy that an engine holds: it waits for its time or for the engine, or one of its pieces moves. */
final class Transfer {
    final StartedJob started;
    final CopyTerms terms;

    private final long enteredNs;
    private final long bytes;
    private long moved;
    private long piece;
    private long earlierNs;

    Transfer(StartedJob started, long nowNs) {
        this.started = started;
        this.terms = started.job.copyTerms();
        this.enteredNs = nowNs;
        this.bytes = started.job.spec().bytes();
    }

    /** Bytes that have still to move. */
    long left() {
        return bytes - moved;
    }

    /** Bytes of the next piece. */
    long nextBytes() {
        return Math.min(terms.chunkBytes(), left());
    }

    /** When the next piece may wait for the engine, ns. */
    long readyNs() {
        return terms.readyNs(piece, enteredNs);
    }

    /** Engine time of the pieces that have moved, ns. */
    long earlierNs() {
        return earlierNs;
    }

    /**
     * A piece has moved.
     *
     * @return whether it was the last
     */
    boolean moved(long pieceBytes, long tookNs) {
        moved += pieceBytes;
        piece++;
        earlierNs += tookNs;
        return moved == bytes;
    }
}
