package dev.gbpf.host.device;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A device as the plane sees it: vSlices with room for jobs. The device runs jobs of one stream in the order in which they
 * were started, reports each end exactly once to the listener it was made with, and never calls the plane from within
 * {@link #start}.
 */
public interface DevicePlane {
    /** How many vSlices there are, 1 to {@link dev.gbpf.abi.Constants#MAX_VSLICES}. */
    int vslices();

    /** SMs of a vSlice. */
    int sms(int vslice);

    /** How many more jobs a vSlice takes now, within its in-flight limit; never negative. */
    int room(int vslice);

    /** How many more jobs all vSlices together take now. */
    default long room() {
        long room = 0;
        for (int vslice = 0; vslice < vslices(); vslice++) {
            room += room(vslice);
        }
        return room;
    }

    /** Device memory in all, bytes. */
    long memoryBytes();

    /**
     * Hands a job over. Without the memory that it needs nothing happens, and the plane asks again after the next end of a
     * job. The in-flight limit is the plane's to keep: a job that a policy sent directly may exceed it.
     */
    StartResult start(Job job, int vslice);

    /**
     * Shows the jobs of a vSlice whose kernels run now or begin to, each alone, and do not give up their place yet; a device that cannot stop
     * kernels shows none.
     */
    default void running(int vslice, Consumer<Job> to) {}

    /**
     * The kernel of a job gives up its place at its next boundary, and the listener hears of it then. Its work and its memory
     * are kept, and it goes on when the job is started again.
     *
     * @return false when nothing comes of it: it does not run alone, is over before its next boundary, or a later job of its
     *     stream waits on the device
     */
    default boolean preempt(Job job) {
        return false;
    }

    /** The listener hears when the kernel of this job, which runs, has run for {@code ns} from now on. */
    default void watch(Job job, long ns) {}

    /**
     * Kernels of a vSlice may use only a part of its SMs from now on, those that run too.
     *
     * @param thousandths the part, 1 to 1000, rounded down to SMs and at least one; 0 for all
     */
    default void cap(int vslice, int thousandths) {}

    /** How many jobs a vSlice holds at most. */
    default int places(int vslice) {
        return Integer.MAX_VALUE;
    }

    /**
     * Bytes that the copies of a direction which it holds have still to move; 0 from a device that does not know. How a copy may
     * move, {@link Job#copyTerms} says when it is started.
     */
    default long bytesToCopy(JobKind direction) {
        return 0;
    }

    /** What it can copy in a direction, bytes a second; 0 from a device that does not know. */
    default long copyBandwidth(JobKind direction) {
        return 0;
    }

    /** Its memory, apart from what jobs take; null when it has none to hand out. */
    default @Nullable DeviceMemory memory() {
        return null;
    }

    /** What it does for unmodified applications, by tenant; null when it runs none. */
    default @Nullable TenantLevers levers() {
        return null;
    }

    /** What became of {@link #start}. */
    enum StartResult {
        STARTED,
        NO_MEMORY
    }

    /** Told about the end of each job, and what becomes of it before. */
    @FunctionalInterface
    interface CompletionListener {
        /**
         * A job is over.
         *
         * @param job the job
         * @param runNs device time that it used, ns: its share of a batch or of contended SMs
         * @param failed whether the device reported an error
         */
        void finished(Job job, long runNs, boolean failed);

        /**
         * A job gave up its place: the device does not hold it any more, and it is not over.
         *
         * @param runNs device time that it used since it was started the last time, ns
         */
        default void yielded(Job job, long runNs) {}

        /** A kernel has run as long as {@link Job#budgetNs()}, or as {@link #watch} said. */
        default void budgetUsed(Job job) {}

        /**
         * Collective operations wait for each other: some of their ranks hold all places, and the others find none. It is told
         * once, and again only when something has moved.
         *
         * @param waiting the jobs of the ranks that wait on the device
         */
        default void deadlocked(List<Job> waiting) {}

        /** A move of an allocation is over: it has arrived, has left, is compressed, or is gone. */
        default void moved(Allocation allocation) {}
    }
}
