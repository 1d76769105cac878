package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import org.jspecify.annotations.Nullable;

/** A synthetic tenant: requests of its shape, by its arrival process. */
public final class SyntheticWorkload implements Workload {
    private static final long REJECTED_THINK_NS = 1_000_000;

    private final SyntheticParameters parameters;
    private final RequestShape shape;
    private final ServiceSampler service;
    private final RandomStream widths;
    private final RandomStream thinking;
    private final long meanNs;
    private final @Nullable JobSpec copyIn;
    private final @Nullable JobSpec copyOut;
    private @Nullable JobSpec lastKernel;
    private long requests;

    public SyntheticWorkload(SyntheticParameters parameters) {
        this.parameters = parameters;
        this.shape = parameters.shape();
        this.service = new ServiceSampler(parameters.service(), random("service"));
        this.widths = random("widths");
        this.thinking = random("thinking");
        this.meanNs = ServiceSampler.meanNs(parameters.service());
        this.copyIn = shape.copyInBytes() == 0 ? null : copy(JobKind.COPY_H2D, shape.copyInBytes());
        this.copyOut = shape.copyOutBytes() == 0 ? null : copy(JobKind.COPY_D2H, shape.copyOutBytes());
    }

    private RandomStream random(String purpose) {
        return RandomStream.derive(parameters.seed(), parameters.tenant().name(), purpose);
    }

    /** Requests sent so far. */
    public long requests() {
        return requests;
    }

    @Override
    public void start(WorkloadContext context) {
        if (shape.memoryBytes() > context.memoryBytes()) {
            throw new IllegalArgumentException(
                    "synthetic tenant " + parameters.tenant().name() + ": memoryBytes=" + shape.memoryBytes()
                            + " of a kernel is more than the " + context.memoryBytes() + " bytes there are");
        }
        if (parameters.arrivals() instanceof ArrivalProcess.ClosedLoop loop) {
            for (int i = 0; i < loop.clients(); i++) {
                new Client(context, loop).think(parameters.startNs(), false);
            }
        } else {
            new OpenLoop(context).scheduleNext();
        }
    }

    /** Whether a request may still be sent at a time. */
    private boolean open(long timeNs) {
        return requests < parameters.maxRequests() && timeNs < parameters.endNs();
    }

    private void send(WorkloadContext context, JobStream stream) {
        requests++;
        if (copyIn != null) {
            context.submit(stream, copyIn);
        }
        for (int i = 0; i < shape.kernels(); i++) {
            context.submit(stream, kernel());
        }
        if (copyOut != null) {
            context.submit(stream, copyOut);
        }
    }

    private JobSpec copy(JobKind kind, long bytes) {
        return new JobSpec(kind, 0, 0, 0, bytes, 0, shape.deadlineAfterNs(), 0, 0, 0);
    }

    private JobSpec kernel() {
        long workNs = service.draw();
        int width = shape.minWidth() == shape.maxWidth()
                ? shape.minWidth()
                : (int) widths.nextLong(shape.minWidth(), shape.maxWidth());
        JobSpec last = lastKernel;
        if (last != null && last.workNs() == workNs && last.width() == width) {
            return last;
        }
        long costNs = switch (shape.estimate()) {
            case EXACT -> workNs;
            case MEAN -> meanNs;
            case UNKNOWN -> 0;
        };
        JobSpec kernel = new JobSpec(
                JobKind.KERNEL,
                width,
                costNs,
                workNs,
                shape.memoryBytes(),
                shape.memoryBytes(),
                shape.deadlineAfterNs(),
                0,
                shape.memoryIntensity(),
                0);
        lastKernel = kernel;
        return kernel;
    }

    /** Sends requests whatever becomes of them, to its streams in turn. */
    private final class OpenLoop implements WorkloadTimer {
        private final WorkloadContext context;
        private final ArrivalSampler arrivals;
        private final JobStream[] streams;

        OpenLoop(WorkloadContext context) {
            this.context = context;
            this.arrivals = new ArrivalSampler(parameters.arrivals(), random("arrivals"), parameters.startNs());
            this.streams = new JobStream[parameters.streams()];
            for (int i = 0; i < streams.length; i++) {
                streams[i] = context.openStream(parameters.tenant(), (job, end, nowNs) -> {});
            }
        }

        void scheduleNext() {
            long timeNs = arrivals.next();
            if (open(timeNs)) {
                context.schedule(timeNs, this, 0);
            }
        }

        @Override
        public void fire(long nowNs, long payload) {
            send(context, streams[(int) (requests % streams.length)]);
            scheduleNext();
        }
    }

    /** Sends its next request some time after the last one is over. */
    private final class Client implements WorkloadTimer, JobOwner {
        private final WorkloadContext context;
        private final ArrivalProcess.ClosedLoop loop;
        private final JobStream stream;
        private int unfinished;
        private boolean rejected;

        Client(WorkloadContext context, ArrivalProcess.ClosedLoop loop) {
            this.context = context;
            this.loop = loop;
            this.stream = context.openStream(parameters.tenant(), this);
        }

        void think(long fromNs, boolean afterRejection) {
            long thinkNs = loop.meanThinkNs() == 0
                    ? 0
                    : Math.min(
                            Checks.MAX_TIME_NS, Math.round((double) loop.meanThinkNs() * thinking.nextExponential()));
            long timeNs = fromNs + Math.max(thinkNs, afterRejection ? REJECTED_THINK_NS : 0);
            if (open(timeNs)) {
                context.schedule(timeNs, this, 0);
            }
        }

        @Override
        public void fire(long nowNs, long payload) {
            if (open(nowNs)) {
                rejected = false;
                unfinished = shape.jobs();
                send(context, stream);
            }
        }

        @Override
        public void ended(Job job, JobEnd end, long nowNs) {
            rejected |= end == JobEnd.REJECTED;
            if (--unfinished == 0) {
                think(nowNs, rejected);
            }
        }
    }
}
