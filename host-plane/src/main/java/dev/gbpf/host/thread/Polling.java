package dev.gbpf.host.thread;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for answers of a thread that must not lose time: who waits looks again and again, so that whoever answers has nobody to
 * wake, which would cost him some tens of microseconds.
 */
public final class Polling {
    private static final long FIRST_NS = 20_000L;
    private static final long LONGEST_NS = 1_000_000L;

    private Polling() {}

    /**
     * The answer.
     *
     * @param patienceNs how long to wait, ns
     * @throws ExecutionException when there was an exception in its place
     * @throws TimeoutException when it has not come in time
     * @throws InterruptedException when the thread is interrupted
     */
    public static <T> T await(Future<T> answer, long patienceNs)
            throws ExecutionException, TimeoutException, InterruptedException {
        long beganNs = System.nanoTime();
        long pauseNs = FIRST_NS;
        while (!answer.isDone()) {
            if (System.nanoTime() - beganNs > patienceNs) {
                throw new TimeoutException("no answer within " + patienceNs / 1_000_000L + " ms");
            }
            LockSupport.parkNanos(pauseNs);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            pauseNs = Math.min(2 * pauseNs, LONGEST_NS);
        }
        return answer.get();
    }
}
