package dev.gbpf.host.plane;

import static dev.gbpf.host.plane.ContextMemory.U32;
import static dev.gbpf.host.plane.ContextMemory.U64;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.failsafe.Trip;
import dev.gbpf.host.queue.CopyTerms;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.vm.ExecutableProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Asks {@code on_copy_enqueue} how copies may move that go to the device, and counts those that it holds. */
final class Copies {
    /*
     * A copy on the device is out of the failsafe's sight, which counts what waits. So a pace has an end: nobody puts off a
     * copy, or the next piece of one, for longer than a job may be held, and who asks for more is taken out for that.
     */
    private static final int PACE = 1;
    private static final int SPLIT = 2;

    private final PlaneState state;
    private final HookRunner hooks;
    private final MemorySegment context;
    private final int[] toDevice = new int[Constants.MAX_TENANTS];
    private final int[] fromDevice = new int[Constants.MAX_TENANTS];
    private int allToDevice;
    private int allFromDevice;

    Copies(PlaneState state, HookRunner hooks, Arena arena) {
        this.state = state;
        this.hooks = hooks;
        this.context = HookContexts.allocate(arena, Hook.ON_COPY_ENQUEUE);
    }

    /** Copies of a tenant to the device that it holds. */
    int toDevice(int tenant) {
        return toDevice[tenant];
    }

    /** Copies of a tenant from the device that it holds. */
    int fromDevice(int tenant) {
        return fromDevice[tenant];
    }

    /** The device holds a job. */
    void started(Job job) {
        count(job, 1);
    }

    /** The device does not hold a job any more. */
    void ended(Job job) {
        count(job, -1);
    }

    private void count(Job job, int by) {
        int tenant = job.tenant().index();
        switch (job.spec().kind()) {
            case COPY_H2D -> {
                toDevice[tenant] += by;
                allToDevice += by;
            }
            case COPY_D2H -> {
                fromDevice[tenant] += by;
                allFromDevice += by;
            }
            case KERNEL -> {}
        }
    }

    /** Asks the side that decides about a job how it may move when it is a copy; the job may have other places afterwards. */
    void ask(Job job, int vslice, long nowNs) {
        if (job.spec().kind() == JobKind.KERNEL) {
            return;
        }
        Side side = state.owner(job);
        ExecutableProgram program = side.onCopyEnqueue;
        ShadowTrial shadow = state.shadow;
        int verdict = 0;
        CopyTerms terms = CopyTerms.WHOLE;
        if (program != null) {
            verdict = (int) hooks.run(side, Hook.ON_COPY_ENQUEUE, program, fill(job, vslice, nowNs), job, nowNs);
            terms = terms(verdict, job, nowNs);
        }
        job.copyTerms(terms);
        if (shadow != null && shadow == state.shadow && shadow.side().onCopyEnqueue != null) {
            shadow.asked(
                    Hook.ON_COPY_ENQUEUE, shadow.side().onCopyEnqueue, fill(job, vslice, nowNs), job, verdict, nowNs);
        }
    }

    private CopyTerms terms(int verdict, Job job, long nowNs) {
        if (verdict != PACE && verdict != SPLIT) {
            return CopyTerms.WHOLE;
        }
        long bytes = job.spec().bytes();
        long chunk = CopyTerms.chunk(bytes, context.get(U64, Layout.CHUNK));
        if (verdict == SPLIT) {
            state.statistics.countSplitCopy();
            return new CopyTerms(Math.min(chunk, Long.MAX_VALUE - 1), 0, 0);
        }
        state.statistics.countPacedCopy();
        long limitNs = state.config.failsafe().holdNs();
        long notBefore = context.get(U64, Layout.NOT_BEFORE);
        long first = notBefore < 0 ? Long.MAX_VALUE : notBefore;
        long interval = CopyTerms.interval(Math.min(chunk, bytes), context.get(U64, Layout.RATE));
        if (first - nowNs > limitNs || interval > limitNs) {
            state.failsafe.accuse(new Trip(
                    Trip.Kind.HOLD,
                    job + ", a copy, was put off for longer than the limit of " + limitNs / 1_000_000 + " ms"));
        }
        return new CopyTerms(
                Math.min(chunk, Long.MAX_VALUE - 1), Math.min(first, nowNs + limitNs), Math.min(interval, limitNs));
    }

    private long fill(Job job, int vslice, long nowNs) {
        JobKind direction = job.spec().kind();
        boolean in = direction == JobKind.COPY_H2D;
        int tenant = job.tenant().index();
        HookContexts.fillJob(context, job, nowNs);
        context.set(U64, Layout.ENGINE_BYTES, state.device.bytesToCopy(direction));
        context.set(U64, Layout.BANDWIDTH, state.device.copyBandwidth(direction));
        context.set(U64, Layout.RUNNING, state.counts.running());
        context.set(U32, Layout.DEPTH, in ? allToDevice : allFromDevice);
        context.set(U32, Layout.TENANT_DEPTH, in ? toDevice[tenant] : fromDevice[tenant]);
        context.set(U32, Layout.VSLICE, vslice);
        context.set(U32, Layout.TENANTS, state.config.tenants().size());
        context.set(U64, Layout.NOT_BEFORE, 0);
        context.set(U64, Layout.RATE, 0);
        context.set(U64, Layout.CHUNK, 0);
        return context.address();
    }

    /** Where the fields are that only this hook's context has. */
    private static final class Layout {
        static final long ENGINE_BYTES = offset("engine_bytes");
        static final long BANDWIDTH = offset("bandwidth");
        static final long RUNNING = offset("running");
        static final long DEPTH = offset("depth");
        static final long TENANT_DEPTH = offset("tenant_depth");
        static final long VSLICE = offset("vslice");
        static final long TENANTS = offset("tenants");
        static final long NOT_BEFORE = offset("not_before_ns");
        static final long RATE = offset("rate_mbps");
        static final long CHUNK = offset("chunk_bytes");

        private Layout() {}

        private static long offset(String field) {
            return Hook.ON_COPY_ENQUEUE.context().offsetOf(field);
        }
    }
}
