package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the device runs; see {@link Execution}. */
final class DeviceExecution implements Execution {
    private final long id;
    private final JobKind kind;
    private final int vslice;
    private final int batchClass;
    private final int width;
    private final long startNs;
    private final Job[] jobs;
    /** Of a batch: {@code shares[i]} is what the members up to i, included, add up to; its last is the whole. */
    private final double @Nullable [] shares;

    private long runNs = -1;
    private long stopsAtNs;
    private boolean piece;
    private boolean failed;
    private long earlierNs;

    /** Of a kernel: memory bandwidth that it uses when alone, in thousandths. */
    final int memoryIntensity;
    /** Of a kernel: the work that is left of it at its start, ns. */
    double work;
    /** Of a kernel: work clock of its vSlice at which it is over. */
    double finishWork;
    /** Of a kernel: share clock of its vSlice at its start. */
    double startShare;

    private DeviceExecution(
            long id,
            JobKind kind,
            int vslice,
            int batchClass,
            int width,
            int memoryIntensity,
            long startNs,
            Job[] jobs,
            double @Nullable [] shares) {
        this.id = id;
        this.kind = kind;
        this.vslice = vslice;
        this.batchClass = batchClass;
        this.width = width;
        this.memoryIntensity = memoryIntensity;
        this.startNs = startNs;
        this.jobs = jobs;
        this.shares = shares;
    }

    /** One kernel or copy. */
    static DeviceExecution single(long id, Job job, int vslice, long startNs) {
        JobKind kind = job.spec().kind();
        boolean kernel = kind == JobKind.KERNEL;
        return new DeviceExecution(
                id,
                kind,
                vslice,
                0,
                kernel ? job.spec().width() : 0,
                kernel ? job.spec().memoryIntensity() : 0,
                startNs,
                new Job[] {job},
                null);
    }

    /** A batch: each member's share is its own work and an equal part of the base. */
    static DeviceExecution batch(long id, Job[] members, int vslice, int number, BatchClass batch, long startNs) {
        double base = (double) batch.baseNs() / members.length;
        double[] shares = new double[members.length];
        double sum = 0;
        for (int i = 0; i < members.length; i++) {
            sum += base + members[i].spec().workNs();
            shares[i] = sum;
        }
        return new DeviceExecution(
                id, JobKind.KERNEL, vslice, number, batch.width(), batch.memoryIntensity(), startNs, members, shares);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public JobKind kind() {
        return kind;
    }

    @Override
    public int vslice() {
        return vslice;
    }

    @Override
    public int batchClass() {
        return batchClass;
    }

    @Override
    public int size() {
        return jobs.length;
    }

    @Override
    public Job job(int index) {
        return jobs[index];
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public long startNs() {
        return startNs;
    }

    @Override
    public long runNs(int index) {
        Objects.checkIndex(index, jobs.length);
        if (runNs < 0) {
            throw new IllegalStateException("execution " + id + " still runs");
        }
        return shares == null ? runNs : upTo(shares, index) - (index == 0 ? 0 : upTo(shares, index - 1));
    }

    /** Run time of the members up to one, rounded; so the differences add up to the whole. */
    private long upTo(double[] sums, int index) {
        return Math.round(runNs * (sums[index] / sums[sums.length - 1]));
    }

    void end(long totalRunNs) {
        this.runNs = totalRunNs;
    }

    /** It ends with an error. */
    void fail() {
        this.failed = true;
    }

    boolean failed() {
        return failed;
    }

    /** It is a piece of a copy, and not the last. */
    void piece() {
        this.piece = true;
    }

    boolean isPiece() {
        return piece;
    }

    /** It is the last piece of a copy whose pieces held the engine for so long together, ns. */
    void lastPiece(long totalNs) {
        this.earlierNs = totalNs - runNs;
    }

    /** Device time that a job is charged when it ends with this, ns: of a copy that of all its pieces. */
    long chargedNs(int index) {
        return runNs(index) + earlierNs;
    }

    /** Whether it is not over yet. */
    boolean runs() {
        return runNs < 0;
    }

    /** After how much of its {@link #work} it gives up its place, ns; 0 when it runs to its end. */
    long stopsAtNs() {
        return stopsAtNs;
    }

    /** After how much of its {@link #work} it leaves its place, one way or the other, ns. */
    double endsAtNs() {
        return stopsAtNs == 0 ? work : stopsAtNs;
    }

    void stopsAt(long workNs) {
        this.stopsAtNs = workNs;
    }
}
