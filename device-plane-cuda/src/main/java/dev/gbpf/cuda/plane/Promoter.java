package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.driver.CudaException;
import dev.gbpf.cuda.ptx.PtxModule;
import dev.gbpf.cuda.table.PolicyTables;
import dev.gbpf.cuda.table.TableCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes machine code of policies that stay. It is compiled beside the kernel, and comes in while the kernel is away, for which the kernel
 * leaves and comes back; another policy that is published meanwhile makes it useless, and is interpreted at once.
 */
final class Promoter {
    /** Ticks after which a policy is there to stay: a second of the usual ones. */
    static final long USUAL_TICKS = 200_000;

    private static final long LOOK_MILLIS = 5;
    private static final long PATIENCE_NS = 10_000_000_000L;
    /** How long who waits for the kernel may take to get ready. */
    private static final long HEAD_START_NS = 5_000_000;

    private static final long LOOK_NS = 20_000;

    /**
     * Rehearsals, with rests in which the virtual machine compiles what it was asked to, which it is at every 128th call when it has not much to do,
     * and links what it compiled when that is called again.
     */
    private static final int ROUNDS = 10;

    private static final int REHEARSALS_OF_A_ROUND = 160;
    private static final long REST_NS = 20_000_000;

    /** What was done this often a moment ago is at hand. */
    private static final int WARM_UPS = 2;

    private static final TableCode OF_NO_TABLE = new TableCode(-1, "of no table", new PtxModule().skip());

    /** The kernel, as far as it matters here. */
    interface Kernel {
        /** Ticks so far. */
        long heartbeat();

        /** Whether a task runs for so long that the kernel could not leave at once. */
        boolean isHeldUp();

        /** Tells who waits for the kernel that it is about to be asked to leave; that thread calls {@link Promoter#getReady} then. */
        void expectToLeave();

        /** Whether that thread is ready. */
        boolean isExpected();

        /** Does for nothing what a launch does, while the kernel runs too. */
        void rehearseLaunch();

        /** Tells it that the kernel stays. */
        void expectToStay();

        /** Lets the kernel leave and come back; between the two it calls {@link Promoter#bringIn}. */
        void leaveAndReturn();

        /** Whether the kernel has said that it leaves. */
        boolean isLeaving();

        /** Launches so far. */
        int launches();

        /** Whether the kernel said that it runs. */
        boolean isAwake();
    }

    private final PolicyTables policies;
    private final @Nullable CodeLoader loader;
    private final Kernel kernel;
    private final Object stepping = new Object();
    /** Guarded by {@link #stepping}. */
    private boolean closed;

    private volatile long afterTicks = USUAL_TICKS;
    private volatile @Nullable Ready ready;
    private final AtomicInteger promotions = new AtomicInteger();
    private volatile Duration compile = Duration.ZERO;
    private volatile PromotionPause pause = PromotionPause.NONE;
    /** How long loading took the last time, and when it was over. */
    private volatile long loadNs;

    private volatile long loadedNs;
    private volatile @Nullable String refused;
    /** The table that is watched, since which tick, and whether there is nothing more to do about it. */
    private long watched;

    private long since;
    private boolean settled;

    /** Code that waits for the kernel to be away. */
    private record Ready(TableCode table, CodeLoader.Code code) {}

    /**
     * A promoter.
     *
     * @param loader null where there is no machine code
     */
    Promoter(PolicyTables policies, @Nullable CodeLoader loader, Kernel kernel) {
        this.policies = policies;
        this.loader = loader;
        this.kernel = kernel;
    }

    /** Whether there is machine code here. */
    boolean isPossible() {
        return loader != null;
    }

    /**
     * Sets when a policy is compiled.
     *
     * @param ticks that it has decided for; 0: never
     */
    void promoteAfter(long ticks) {
        if (ticks < 0) {
            throw new IllegalArgumentException("ticks=" + ticks + ": must be 0, for never, or more");
        }
        afterTicks = ticks;
    }

    PromotionStatus status() {
        return new PromotionStatus(policies.tier(), promotions.get(), compile, pause, refused);
    }

    /** Watches policies until the kernel is left for good. */
    void watch(CountDownLatch ended) {
        try {
            while (!ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                synchronized (stepping) {
                    if (!closed) {
                        step(ended);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until nothing is being compiled, and sees to it that nothing will be. */
    void close() {
        synchronized (stepping) {
            closed = true;
        }
    }

    private void step(CountDownLatch ended) {
        long epoch = policies.epoch();
        long tick = kernel.heartbeat();
        if (epoch != watched) {
            watched = epoch;
            since = tick;
            settled = false;
            ready = null;
            refused = null;
        }
        if (!settled && afterTicks > 0 && tick - since >= afterTicks) {
            settled = true;
            prepare();
        }
        Ready now = ready;
        if (now != null && !kernel.isHeldUp() && policies.prepare(now.table)) {
            interrupt(ended);
        }
    }

    private void prepare() {
        CodeLoader by = loader;
        if (by == null) {
            return;
        }
        long start = System.nanoTime();
        try {
            Optional<TableCode> code = policies.compile();
            if (code.isPresent()) {
                CodeLoader.Code machine = by.compile(
                        "policy " + code.get().policy(), code.get().ptx().text());
                compile = Duration.ofNanos(System.nanoTime() - start);
                pause = PromotionPause.NONE;
                ready = new Ready(code.get(), machine);
            }
        } catch (IllegalArgumentException | CudaException e) {
            refuse(e);
        }
    }

    private void refuse(RuntimeException why) {
        ready = null;
        refused = String.valueOf(why.getMessage());
    }

    private void interrupt(CountDownLatch ended) {
        int before = kernel.launches();
        kernel.expectToLeave();
        long begin = System.nanoTime();
        while (!kernel.isExpected() && System.nanoTime() - begin < HEAD_START_NS) {
            LockSupport.parkNanos(LOOK_NS);
        }
        if (ready == null) { // the driver refused it
            kernel.expectToStay();
            return;
        }
        long start = System.nanoTime();
        kernel.leaveAndReturn();
        long now = start;
        long left = 0;
        while (ended.getCount() > 0 && (kernel.launches() == before || !kernel.isAwake())) {
            if (now - start > PATIENCE_NS) {
                return; // a task that does not come back; who wants to stop the kernel is told
            }
            boolean leaves = left == 0 && kernel.isLeaving();
            Thread.onSpinWait();
            now = System.nanoTime();
            left = leaves ? now - start : left;
        }
        long end = System.nanoTime();
        long loaded = loadedNs;
        boolean isIn = loaded - start > 0; // else another policy was being published, and it is tried again
        pause = new PromotionPause(
                Duration.ofNanos(end - start),
                Duration.ofNanos(left),
                isIn ? Duration.ofNanos(loadNs) : Duration.ZERO,
                Duration.ofNanos(end - (isIn ? loaded : start + left)));
    }

    /** Gives back code that is of no use any more, which takes time. Called while no kernel runs and nobody waits for one. */
    void tidy() {
        if (loader != null) {
            loader.tidy();
        }
    }

    /**
     * Does all of it for nothing, so that neither the driver nor the virtual machine does any of it for the first time when a kernel is away for
     * it. What goes wrong is told when there is a policy. Called before the first kernel runs.
     */
    void rehearse() {
        CodeLoader by = loader;
        if (by == null) {
            return;
        }
        try {
            ready = new Ready(
                    OF_NO_TABLE,
                    by.compile(OF_NO_TABLE.policy(), OF_NO_TABLE.ptx().text()));
            for (int round = 0; round < ROUNDS && ready != null; round++) {
                for (int i = 0; i < REHEARSALS_OF_A_ROUND && ready != null; i++) {
                    getReady();
                    bringIn();
                }
                LockSupport.parkNanos(REST_NS);
            }
        } catch (IllegalArgumentException | CudaException e) {
            refuse(e);
        }
        ready = null;
        refused = null;
        by.tidy();
    }

    /**
     * Does of {@link #bringIn} what can be done while the kernel runs, and what it will do for nothing, so that the processor has it at hand.
     * Called by the thread that will bring in, directly before the kernel is asked to leave.
     */
    void getReady() {
        Ready now = ready;
        if (now == null) {
            return;
        }
        try {
            now.code.getReady();
            for (int i = 0; i < WARM_UPS; i++) {
                policies.rehearse();
            }
            kernel.rehearseLaunch();
        } catch (CudaException e) {
            refuse(e);
        }
    }

    /** Takes in what is ready. Called while no kernel runs, and holds nobody up. */
    void bringIn() {
        Ready now = ready;
        if (now == null) {
            return;
        }
        long start = System.nanoTime();
        try {
            long address = now.code.load();
            if (policies.replace(now.table, address)) {
                ready = null;
                loadedNs = System.nanoTime();
                loadNs = loadedNs - start;
                promotions.incrementAndGet();
            }
        } catch (CudaException e) {
            refuse(e);
        }
    }
}
