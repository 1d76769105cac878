package dev.gbpf.cuda.job;

import dev.gbpf.cuda.plane.Backend;
import dev.gbpf.cuda.plane.DeviceRuntime;
import dev.gbpf.cuda.plane.PlaneParams;
import dev.gbpf.cuda.plane.TenantConfig;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The device runtime as a device of the host plane, on the CPU build or on a GPU. A kernel of {@code width} SMs is as many block tasks of one
 * task function, and at most one for each worker of its vSlice; a copy is one warp task. The function gets the job's
 * {@code workNs} and {@code tag}, and returns for how long it ran, ns; a job is over when its last task is, and used as much device time as
 * the longest. Each vSlice is a tenant of the runtime, since the host's policies have decided already who goes next.
 *
 * <p>Confined to the plane's thread, which calls {@link #poll} again and again.
 */
public final class TaskDevice implements DevicePlane {
    /** Tasks of a vSlice under way at a time, at most. */
    private static final int TASKS = 1024;

    private final DeviceRuntime runtime;
    private final long memoryBytes;
    private final List<VsliceTasks> vslices = new ArrayList<>();
    private final Map<Long, HeldJob> held = new HashMap<>();
    private final List<HeldJob> over = new ArrayList<>();
    private long memoryUsed;

    /**
     * A device whose runtime was made with {@link #params}.
     *
     * @param function name of the task function
     * @param places how many jobs a vSlice takes, at least 1
     * @param memoryBytes what jobs can have of device memory together
     * @throws IllegalArgumentException when the runtime has no such rings or function
     */
    public TaskDevice(DeviceRuntime runtime, String function, int places, long memoryBytes) {
        if (places < 1 || memoryBytes < 0) {
            throw new IllegalArgumentException("places=" + places + " memoryBytes=" + memoryBytes
                    + ": there must be a place, and no negative memory");
        }
        this.runtime = runtime;
        this.memoryBytes = memoryBytes;
        int number = runtime.functions().number(function);
        List<Integer> ends = runtime.params().vsliceEnds();
        for (int vslice = 0; vslice < ends.size(); vslice++) {
            int workers = ends.get(vslice) - (vslice == 0 ? 0 : ends.get(vslice - 1));
            vslices.add(new VsliceTasks(
                    runtime.fullRing(vslice), runtime.completions(vslice), number, workers, places, TASKS));
            TenantConfig usual = TenantConfig.usual();
            runtime.configure(
                    vslice, new TenantConfig(usual.weight(), usual.priority(), TenantConfig.NO_LIMIT, 1 << vslice));
        }
    }

    /**
     * What a runtime for such a device is like: a tenant, a ring and completion records for each vSlice.
     *
     * @param ends where the vSlices end, in workers
     */
    public static PlaneParams.Builder params(Backend backend, Integer... ends) {
        PlaneParams.Builder params = PlaneParams.builder(backend)
                .workers(ends[ends.length - 1])
                .vslices(ends)
                .tenants(ends.length)
                .completions(TASKS);
        for (int vslice = 0; vslice < ends.length; vslice++) {
            params.fullRing(vslice, TASKS);
        }
        return params;
    }

    @Override
    public int vslices() {
        return vslices.size();
    }

    @Override
    public int sms(int vslice) {
        return vslices.get(vslice).workers();
    }

    @Override
    public int room(int vslice) {
        return Math.max(0, places(vslice) - vslices.get(vslice).jobs());
    }

    @Override
    public int places(int vslice) {
        return vslices.get(vslice).places();
    }

    @Override
    public long memoryBytes() {
        return memoryBytes;
    }

    @Override
    public StartResult start(Job job, int vslice) {
        long bytes = job.spec().kind() == JobKind.KERNEL ? job.spec().bytes() : 0;
        if (bytes > memoryBytes - memoryUsed) {
            return StartResult.NO_MEMORY;
        }
        memoryUsed += bytes;
        VsliceTasks tasks = vslices.get(vslice);
        HeldJob next = new HeldJob(job, tasks);
        held.put(job.id(), next);
        tasks.hold();
        Deque<HeldJob> stream = stream(job.stream());
        stream.add(next);
        if (stream.size() == 1) {
            tasks.send(next);
        }
        return StartResult.STARTED;
    }

    /** The jobs of a stream that are here; the first of them runs. */
    @SuppressWarnings("unchecked")
    private static Deque<HeldJob> stream(JobStream stream) {
        @Nullable Object state = stream.deviceState();
        if (state == null) {
            state = new ArrayDeque<HeldJob>();
            stream.deviceState(state);
        }
        return (Deque<HeldJob>) state;
    }

    /**
     * Looks at what has ended, and tells the listener; it may start jobs then. What the plane has published of snapshots since goes to the device.
     *
     * @return how many jobs ended
     * @throws IllegalStateException when the runtime failed
     */
    public int poll(CompletionListener listener) {
        runtime.policies().refresh();
        for (VsliceTasks tasks : vslices) {
            tasks.poll(this::taskEnded);
            tasks.send();
        }
        if (over.isEmpty()) {
            runtime.checkAlive();
            return 0;
        }
        List<HeldJob> ended = List.copyOf(over);
        over.clear();
        for (HeldJob job : ended) {
            leave(job);
        }
        for (HeldJob job : ended) {
            listener.finished(job.job(), job.runNs(), job.failed());
        }
        return ended.size();
    }

    private void taskEnded(long tag, long result, int status, int function) {
        HeldJob job = held.get(tag);
        if (job != null && job.taskEnded(result, status)) {
            over.add(job);
        }
    }

    /** A job is over: its place and memory are free, and the next one of its stream goes. */
    private void leave(HeldJob job) {
        held.remove(job.job().id());
        memoryUsed -= job.job().spec().releaseBytes();
        job.tasks().leave();
        Deque<HeldJob> stream = stream(job.job().stream());
        stream.remove();
        HeldJob next = stream.peek();
        if (next == null) {
            job.job().stream().deviceState(null);
        } else {
            next.tasks().send(next);
        }
    }
}
