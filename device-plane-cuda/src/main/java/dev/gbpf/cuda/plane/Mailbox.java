package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.layout.MailboxLayout;
import dev.gbpf.cuda.layout.TaskFlags;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * One task at a time, for latency: {@code struct gbpf_host_mailbox}. A task with {@link TaskFlags#URGENT} is run by the warp that
 * polls the mailbox, another one by an idle worker.
 *
 * <p>One thread at a time may use it. Nothing here allocates.
 */
public final class Mailbox {
    private static final int WORDS = 4;
    private static final int HALF = 32;
    private static final long LOW = 0xffffffffL;
    private static final int TENANT_SHIFT = 16;
    /** Looks at the answer without a pause before the clock is asked. */
    private static final int LOOKS = 64;

    private final DeviceRuntime runtime;
    private final MemorySegment memory;
    private int sequence;
    private boolean pending;
    private long result;
    private int status;
    private int worker;

    Mailbox(DeviceRuntime runtime, MemorySegment memory) {
        this.runtime = runtime;
        this.memory = memory;
    }

    /**
     * Posts a request.
     *
     * @param head what {@link CompactTaskRing#head} gives for the function and flags
     * @param tenant whose task it is
     * @throws IllegalStateException while an answer is due
     */
    public void post(long head, int tenant, int a, long b) {
        if (pending) {
            throw new IllegalStateException("the answer to the request before is due; a mailbox takes one at a time");
        }
        runtime.checkTenant(tenant);
        pending = true;
        sequence++;
        long tag = (long) sequence << HALF;
        for (int copy = 0; copy < MailboxLayout.COPIES; copy++) {
            long request = MailboxLayout.REQUEST + copy * MailboxLayout.COPY_BYTES;
            Words.opaqueLong(memory, request + Long.BYTES, tag | (a & LOW));
            Words.opaqueLong(memory, request + 2L * Long.BYTES, tag | (b & LOW));
            Words.opaqueLong(memory, request + 3L * Long.BYTES, tag | b >>> HALF);
            Words.releaseLong(memory, request, tag | (head & LOW) | (long) tenant << TENANT_SHIFT);
        }
    }

    /** Whether the answer is there; if so it is taken. */
    public boolean poll() {
        if (!pending) {
            return false;
        }
        for (int i = 0; i < WORDS; i++) {
            if (word(i) >>> HALF != (sequence & LOW)) {
                return false;
            }
        }
        result = (word(0) & LOW) | word(1) << HALF;
        status = (int) word(2);
        worker = (int) word(3);
        pending = false;
        return true;
    }

    private long word(int i) {
        return Words.acquireLong(memory, MailboxLayout.ANSWER + (long) i * Long.BYTES);
    }

    /**
     * Waits for the answer.
     *
     * @return false when it did not come in that time; it is still due then
     * @throws IllegalStateException when the plane failed
     */
    public boolean await(Duration patience) {
        return await(patience.toNanos());
    }

    private boolean await(long ns) {
        long start = System.nanoTime();
        for (int turn = 0; ; turn++) {
            for (int i = 0; i < LOOKS; i++) {
                if (poll()) {
                    return true;
                }
            }
            if (System.nanoTime() - start >= ns) {
                return false;
            }
            Words.pause(runtime.answersAtOnce(), turn);
            if (turn % LOOKS == LOOKS - 1) {
                runtime.checkAlive();
            }
        }
    }

    /**
     * Posts a request and waits for its answer.
     *
     * @return false when it did not come in that time; it is still due then
     */
    public boolean call(long head, int tenant, int a, long b, long patienceNs) {
        post(head, tenant, a, b);
        return await(patienceNs);
    }

    /** What the function returned. */
    public long result() {
        return result;
    }

    /** How the task ended. */
    public TaskStatus status() {
        return TaskStatus.of(status);
    }

    /** The worker block that ran it; the number of worker blocks where the control block did. */
    public int worker() {
        return runtime.blockOf(worker);
    }
}
