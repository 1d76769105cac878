package dev.gbpf.host.result;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.sim.Execution;
import java.util.List;

/** An execution as a test says it was; its device time is its length, divided among its jobs. */
record FakeExecution(long id, JobKind kind, List<Job> jobs, int width, long startNs, long endNs) implements Execution {
    static FakeExecution of(Job job, long startNs, long endNs) {
        return new FakeExecution(
                job.id() + 1, job.spec().kind(), List.of(job), job.spec().width(), startNs, endNs);
    }

    @Override
    public int vslice() {
        return 0;
    }

    @Override
    public int batchClass() {
        return jobs.size() > 1 ? 1 : 0;
    }

    @Override
    public int size() {
        return jobs.size();
    }

    @Override
    public Job job(int index) {
        return jobs.get(index);
    }

    @Override
    public long runNs(int index) {
        return (endNs - startNs) / jobs.size();
    }
}
