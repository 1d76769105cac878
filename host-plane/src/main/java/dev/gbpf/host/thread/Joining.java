package dev.gbpf.host.thread;

import java.util.Collection;
import java.util.List;

/** Waits for threads to end, whatever interrupts the one that waits: it is interrupted afterwards. */
public final class Joining {
    private Joining() {}

    /** Waits until a thread has ended. */
    public static void join(Thread thread) {
        join(List.of(thread));
    }

    /** Waits until all of some threads have ended. */
    public static void join(Collection<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
