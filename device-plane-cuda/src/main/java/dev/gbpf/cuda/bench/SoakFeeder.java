package dev.gbpf.cuda.bench;

import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.plane.CompactTaskRing;
import dev.gbpf.cuda.plane.Completions;
import dev.gbpf.cuda.plane.FullTaskRing;
import dev.gbpf.cuda.plane.Mailbox;
import dev.gbpf.cuda.plane.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread of a {@link SoakRun} that sends in tasks for one tenant, and knows what must come of them. */
abstract sealed class SoakFeeder {
    private static final int LONGEST_PAUSE_NS = 300_000;

    final BenchPlane plane;
    final SplittableRandom random;
    private final Lock feeding;
    private final List<String> wrong = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private long ran;
    private long sum;
    private volatile boolean enough;
    private @Nullable Thread thread;

    private SoakFeeder(BenchPlane plane, Lock feeding, SplittableRandom random) {
        this.plane = plane;
        this.feeding = feeding;
        this.random = random;
    }

    final void start() {
        thread = Thread.ofPlatform().daemon().name("gbpf-soak-feeder").start(() -> {
            try {
                while (!enough) {
                    feeding.lock();
                    try {
                        feed();
                    } finally {
                        feeding.unlock();
                    }
                    if (random.nextInt(4) == 0) {
                        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NS));
                    }
                }
                end();
            } catch (RuntimeException e) {
                wrong(String.valueOf(e.getMessage()));
            }
        });
    }

    /** Lets it come to its end. */
    final void finish() {
        enough = true;
        Thread running = thread;
        if (running != null) {
            FlagEcho.join(running);
        }
    }

    /** Sends in some tasks. */
    abstract void feed();

    /** Waits for what is due. */
    void end() {}

    /** Counts tasks that must run, and what they add to the sum. */
    final void expect(String form, long tasks, long ofSum) {
        counts.merge(form, tasks, Long::sum);
        ran += tasks;
        sum += ofSum;
    }

    final void wrong(String what) {
        wrong.add(what);
        enough = true;
    }

    /** Tasks that must have run; read while it pauses. */
    final long ran() {
        return ran;
    }

    /** What they must have added up. */
    final long sum() {
        return sum;
    }

    /** Tasks by their form. */
    final Map<String, Long> counts() {
        return counts;
    }

    final List<String> wrong() {
        return wrong;
    }

    /** Compact tasks: lane, warp and block tasks, trees that spawn, and tasks that wait for others. */
    static final class OfCompact extends SoakFeeder {
        private static final int MOST = 512;
        private static final int MOST_THAT_SPAWN = 8;
        private static final int MOST_DEPTH = 7;
        private static final int MOST_AWAITED = 8;
        private static final int WHERE = 4;

        private final int tenant;
        private int payload;

        OfCompact(BenchPlane plane, Lock feeding, SplittableRandom random, int tenant) {
            super(plane, feeding, random);
            this.tenant = tenant;
        }

        @Override
        void feed() {
            switch (random.nextInt(8)) {
                case 0, 1 -> plain("lane", TaskFlags.LANE, MOST);
                case 2 -> plain("warp", TaskFlags.WARP, MOST);
                case 3 -> plain("warp", TaskFlags.WARP | TaskFlags.URGENT, MOST);
                case 4 -> plain("block", TaskFlags.BLOCK, MOST_THAT_SPAWN);
                case 5 -> storm(TaskFlags.LANE);
                case 6 -> storm(TaskFlags.WARP);
                default -> join();
            }
        }

        private CompactTaskRing claim(int most) {
            CompactTaskRing ring = plane.runtime().compactRing(tenant);
            if (ring.claim(1 + random.nextInt(most), BenchPlane.PATIENCE) == 0) {
                throw new IllegalStateException("the device took no task of tenant " + tenant + " within "
                        + BenchPlane.PATIENCE.toSeconds() + " s");
            }
            return ring;
        }

        private void plain(String kind, int flags, int most) {
            CompactTaskRing ring = claim(most);
            int n = ring.claimed();
            long head = plane.head("count_" + kind, flags);
            long ofSum = 0;
            for (int i = 0; i < n; i++) {
                ofSum += BenchPlane.mix(payload);
                ring.put(i, head, 1, payload++);
            }
            ring.publish(n);
            expect("tasks_of_form_" + kind, n, ofSum);
        }

        private void storm(int flags) {
            CompactTaskRing ring = claim(MOST_THAT_SPAWN);
            int n = ring.claimed();
            long head = plane.head("storm", flags);
            for (int i = 0; i < n; i++) {
                int depth = random.nextInt(MOST_DEPTH + 1);
                ring.put(i, head, depth, plane.self("storm", flags << Byte.SIZE | random.nextInt(WHERE)));
                long ofSum = 0;
                for (int k = 0; k <= depth; k++) {
                    ofSum += BenchPlane.mix(depth - k) << k;
                }
                expect("tasks_of_spawning_trees", (2L << depth) - 1, ofSum);
            }
            ring.publish(n);
        }

        private void join() {
            CompactTaskRing ring = claim(MOST_THAT_SPAWN);
            int n = ring.claimed();
            long functions = (long) plane.runtime().functions().number("bench_signal") << 16
                    | plane.runtime().functions().number("bench_count_warp");
            for (int i = 0; i < n; i++) {
                int awaited = 1 + random.nextInt(MOST_AWAITED);
                ring.put(i, plane.head("join", TaskFlags.WARP), awaited, functions << Integer.SIZE | payload);
                expect("tasks_with_dependencies", awaited + 2L, (awaited + 2L) * BenchPlane.mix(payload));
                payload++;
            }
            ring.publish(n);
        }
    }

    /** Full tasks, each of which tells its end, and calls by the mailbox. */
    static final class OfFull extends SoakFeeder {
        private static final int MOST = 128;
        private static final int FULL_RING = 3;

        private final int tenant;
        /** The tag of a task under way, at its place; 0 for none. */
        private final long[] due;

        private int underWay;
        private long tag;

        OfFull(BenchPlane plane, Lock feeding, SplittableRandom random, int tenant, int most) {
            super(plane, feeding, random);
            this.tenant = tenant;
            this.due = new long[most];
        }

        @Override
        void feed() {
            if (random.nextInt(4) == 0) {
                call();
            } else {
                send();
            }
            read();
        }

        private void call() {
            int flags = random.nextBoolean() ? TaskFlags.WARP : TaskFlags.WARP | TaskFlags.URGENT;
            Mailbox mailbox = plane.runtime().mailbox(0);
            long b = random.nextLong(1L << 40);
            if (!mailbox.call(plane.head("count_warp", flags), tenant, 3, b, BenchPlane.PATIENCE.toNanos())) {
                throw new IllegalStateException("no answer within " + BenchPlane.PATIENCE.toSeconds() + " s");
            }
            if (mailbox.result() != b + 3 || mailbox.status() != TaskStatus.DONE) {
                wrong("the answer to " + b + " is " + mailbox.result() + ", " + mailbox.status());
            }
            expect("calls_by_mailbox", 1, BenchPlane.mix(b));
        }

        private void send() {
            FullTaskRing ring = plane.runtime().fullRing(FULL_RING);
            // The place of the next tag may still be taken by a task that is late.
            int free = 0;
            while (free < MOST && due[(int) ((tag + 1 + free) % due.length)] == 0) {
                free++;
            }
            int n = free == 0 ? 0 : ring.claim(1 + random.nextInt(free));
            long ofSum = 0;
            for (int i = 0; i < n; i++) {
                tag++;
                boolean lane = random.nextBoolean();
                ring.put(
                        i,
                        plane.runtime().functions().number(lane ? "bench_count_lane" : "bench_count_warp"),
                        (lane ? TaskFlags.LANE : TaskFlags.WARP) | TaskFlags.NOTIFY,
                        tag,
                        0,
                        0);
                ring.argument(i, 0, 1);
                ring.argument(i, 1, tag);
                due[(int) (tag % due.length)] = tag;
                ofSum += BenchPlane.mix(tag);
            }
            ring.publish(n);
            underWay += n;
            expect("full_tasks_with_records", n, ofSum);
        }

        private void read() {
            Completions completions = plane.runtime().completions(tenant);
            completions.poll(this::ended, due.length);
        }

        private void ended(long endedTag, long result, int status, int function) {
            int place = (int) Long.remainderUnsigned(endedTag, due.length);
            if (due[place] != endedTag || result != endedTag + 1 || status != TaskStatus.DONE.ordinal()) {
                wrong("record of tag " + endedTag + " with result " + result + ", status " + status + " of function "
                        + function + ": due at its place is " + due[place]);
            }
            due[place] = 0;
            underWay--;
        }

        @Override
        void end() {
            long start = System.nanoTime();
            while (underWay > 0) {
                if (System.nanoTime() - start > BenchPlane.PATIENCE.toNanos()) {
                    throw new IllegalStateException(underWay + " completion records did not come");
                }
                read();
                Thread.onSpinWait();
            }
        }
    }
}
