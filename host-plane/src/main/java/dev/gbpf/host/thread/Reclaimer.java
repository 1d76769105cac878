package dev.gbpf.host.thread;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * Does what has time, on a thread of its own. Handing it something wakes nobody: to wake a thread costs the one that does it some tens
 * of microseconds, which a decision does not have. So the thread looks for work from time to time.
 */
public final class Reclaimer implements Executor, AutoCloseable {
    private static final long LOOK_EVERY_NS = 100_000_000L;

    private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closing;

    /** Looks for work until it is closed. */
    public Reclaimer() {
        thread = Thread.ofPlatform().name("gbpf-reclaimer").daemon(true).start(this::run);
    }

    @Override
    public void execute(Runnable command) {
        work.add(command);
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, LOOK_EVERY_NS);
            drain();
        }
    }

    private void drain() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    /** All that it was handed is done when this returns; hand it nothing any more. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        Joining.join(thread);
        drain();
    }
}
