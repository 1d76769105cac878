package dev.gbpf.host.result;

import java.util.HashMap;
import java.util.Map;

/**
 * Keeps, in two bits per job, how far each job has come, and so finds jobs that the plane runs or ends twice, or never heard
 * of, without trusting the plane's own state.
 */
final class JobLedger {
    /*
     * Pages of 2^16 jobs, 16 KiB each, by the upper bits of the id; ids are mostly handed out in sequence, so the page of the
     * last job is nearly always the page of the next.
     */
    private static final int PAGE_BITS = 16;
    private static final long SUBMITTED = 1;
    private static final long DISPATCHED = 2;
    private static final long ENDED = 3;

    private final Map<Long, long[]> pages = new HashMap<>();
    private long cachedNumber = -1;
    private long[] cachedPage = new long[0];

    private long submitted;
    private long ended;
    private long duplicated;

    void submit(long id) {
        advance(id, 0, 0, SUBMITTED);
        submitted++;
    }

    void dispatch(long id) {
        advance(id, SUBMITTED, SUBMITTED, DISPATCHED);
    }

    void giveUpPlace(long id) {
        advance(id, DISPATCHED, DISPATCHED, SUBMITTED);
    }

    void retire(long id) {
        advance(id, DISPATCHED, DISPATCHED, ENDED);
        ended++;
    }

    void reject(long id) {
        advance(id, SUBMITTED, SUBMITTED, ENDED);
        ended++;
    }

    private void advance(long id, long least, long greatest, long next) {
        long[] page = page(id >> PAGE_BITS);
        int index = (int) (id & ((1 << PAGE_BITS) - 1));
        int word = index >>> 5;
        int shift = (index & 31) << 1;
        long state = (page[word] >>> shift) & 3;
        if (state < least || state > greatest) {
            duplicated++;
        }
        page[word] = (page[word] & ~(3L << shift)) | (next << shift);
    }

    private long[] page(long number) {
        if (number != cachedNumber) {
            cachedPage = pages.computeIfAbsent(number, n -> new long[1 << (PAGE_BITS - 5)]);
            cachedNumber = number;
        }
        return cachedPage;
    }

    /** Jobs that came in. */
    long submitted() {
        return submitted;
    }

    /** Ends that were reported. */
    long ended() {
        return ended;
    }

    /** Steps that do not follow from the job's last one: submitted, dispatched or ended twice, or without the step before. */
    long duplicated() {
        return duplicated;
    }
}
