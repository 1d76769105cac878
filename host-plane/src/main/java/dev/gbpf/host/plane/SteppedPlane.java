package dev.gbpf.host.plane;

import static dev.gbpf.host.plane.ContextMemory.U32;
import static dev.gbpf.host.plane.ContextMemory.U64;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.device.LeverSettings;
import dev.gbpf.host.device.TenantLevers;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.MemoryGate;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.vm.ExecutableProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A plane without a device of its own, whose hooks are asked one at a time, by hand, for tests of policies. Helpers and
 * dispatch queues are the real ones, and a verdict has the effect that it has on the real plane: a job that is to be enqueued
 * waits in its queue, and a queue that {@code on_dispatch} names gives its head to the device. Confined to one thread.
 */
public final class SteppedPlane {
    private static final long SEED = 1;

    /** As many tenants as there can be, all alike. */
    private static final Roster EVERYBODY = Roster.of(IntStream.range(0, Constants.MAX_TENANTS)
            .mapToObj(i -> new Tenant(i, "tenant" + i, 1, 0))
            .toList());

    private final Arena arena;
    private final PlaneHelpers helpers;
    private final DispatchQueues queues;
    private final JobCounts counts = new JobCounts(Constants.MAX_TENANTS);
    private final MemoryGate gate = new MemoryGate();
    private final RecordingServices services;
    private final Map<Integer, Integer> running = new HashMap<>();
    private long nowNs;
    private long nextJob = 1;

    /** A plane with no jobs, at time 0; contexts lie in {@code arena}. */
    public SteppedPlane(Arena arena) {
        this.arena = arena;
        DispatchQueue global = new DispatchQueue((int) Constants.DSQ_GLOBAL, DispatchQueue.Order.FIFO, gate);
        this.queues = new DispatchQueues(global, gate);
        this.helpers = new PlaneHelpers(
                new HelperScope(
                        new Idle(),
                        this::nowNs,
                        new PlaneStatistics(),
                        counts,
                        EVERYBODY,
                        new SplittableRandom(SEED),
                        new PolicyLog(),
                        new PolicyTrace(),
                        (job, dsq, atNs) -> {}),
                queues);
        this.services = new RecordingServices(helpers);
    }

    /** A device that takes whatever it gets and never finishes it; its levers can be set. */
    private static final class Idle implements DevicePlane, TenantLevers {
        @Override
        public int vslices() {
            return Constants.MAX_VSLICES;
        }

        @Override
        public int sms(int vslice) {
            return 1;
        }

        @Override
        public int room(int vslice) {
            return Integer.MAX_VALUE;
        }

        @Override
        public long memoryBytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public StartResult start(Job job, int vslice) {
            return StartResult.STARTED;
        }

        @Override
        public TenantLevers levers() {
            return this;
        }

        @Override
        public void hold(LeverSettings settings, boolean bypass) {}

        @Override
        public long usedNs(int tenant) {
            return 0;
        }

        @Override
        public boolean isBusy(int tenant) {
            return false;
        }
    }

    public long nowNs() {
        return nowNs;
    }

    /**
     * Sets the clock.
     *
     * @throws IllegalArgumentException when it would go back
     */
    public void advanceTo(long timeNs) {
        if (timeNs < nowNs) {
            throw new IllegalArgumentException("the clock cannot go back from " + nowNs + " ns to " + timeNs + " ns");
        }
        nowNs = timeNs;
    }

    /** The next random numbers that hooks get, in order; after them come those of a fixed seed. */
    public void randoms(List<Long> numbers) {
        services.randoms(numbers);
    }

    /** Helpers for programs that are no hooks of the policy; their calls are not recorded. */
    public PlaneServices helpers() {
        return helpers;
    }

    /** The calls of the hook that was asked last, in order. */
    public List<HelperCall> calls() {
        return services.calls();
    }

    /**
     * What came of a hook that was asked.
     *
     * @param verdict what it returned
     * @param context the context as it left it
     */
    public record Answer(long verdict, Map<String, Long> context) {
        public Answer {
            context = Map.copyOf(context);
        }
    }

    /**
     * Asks a hook.
     *
     * @param program its program
     * @param fields fields of the context, by name; the others have their defaults
     * @throws IllegalArgumentException when no job can be so
     */
    public Answer ask(Hook hook, ExecutableProgram program, Map<String, Long> fields) {
        Map<String, Long> values = defaults(hook);
        values.putAll(fields);
        if (hook == Hook.ON_SUBMIT && !fields.containsKey("job_id")) {
            nextJob++;
        }
        ContextLayout layout = hook.context();
        MemorySegment context = arena.allocate(layout.size(), 64);
        layout.fields().forEach(f -> write(context, f, values.getOrDefault(f.name(), 0L)));
        helpers.beginPlacement();
        services.begin();
        long verdict = program.run(context.address(), services);
        Map<String, Long> after = new HashMap<>();
        layout.fields().forEach(f -> after.put(f.name(), read(context, f)));
        settle(hook, verdict, values);
        return new Answer(verdict, after);
    }

    /**
     * What a field of a context is when a test does not say: the least value that its range allows, except that there are
     * as many tenants as there can be, and that time, job ids and numbers of jobs are those of this plane.
     */
    private Map<String, Long> defaults(Hook hook) {
        Map<String, Long> values = new HashMap<>();
        for (ContextField field : hook.context().fields()) {
            values.put(
                    field.name(),
                    switch (field.name()) {
                        case "now_ns", "submitted_ns" -> nowNs;
                        case "job_id" -> nextJob;
                        case "tenants" -> (long) Constants.MAX_TENANTS;
                        case "queued" -> (long) queued();
                        case "running" -> runningJobs();
                        default -> field.min();
                    });
        }
        return values;
    }

    private int queued() {
        int waiting = queues.global().length();
        for (DispatchQueue queue : queues.own()) {
            waiting += queue.length();
        }
        return waiting;
    }

    private long runningJobs() {
        return running.values().stream().mapToLong(n -> n).sum();
    }

    private void settle(Hook hook, long verdict, Map<String, Long> fields) {
        if (hook == Hook.ON_SUBMIT && verdict == 0) {
            DispatchQueue chosen = helpers.chosen();
            DispatchQueue queue = chosen == null ? queues.global() : chosen;
            queue.insert(job(fields), helpers.chosenVtime(), counts.nextInsertion());
        } else if (hook == Hook.ON_SUBMIT && verdict == 1) {
            start(job(fields));
        } else if (hook == Hook.ON_DISPATCH) {
            DispatchQueue queue = verdict == 0 ? null : queues.find(verdict);
            Job head = queue == null ? null : queue.head();
            if (queue != null && head != null) {
                queue.remove(head);
                start(head);
            }
        } else if (hook == Hook.ON_RETIRE) {
            end(fields);
        }
    }

    private void start(Job job) {
        counts.started(job);
        running.merge(job.tenant().index(), 1, Integer::sum);
    }

    private void end(Map<String, Long> fields) {
        int tenant = fields.getOrDefault("tenant", 0L).intValue();
        if (running.getOrDefault(tenant, 0) > 0) {
            running.merge(tenant, -1, Integer::sum);
            counts.ended(job(fields));
        }
    }

    /** A job as these fields of {@code on_submit} describe it; what is not said is as in {@link #defaults}. */
    private Job job(Map<String, Long> fields) {
        int index = fields.getOrDefault("tenant", 0L).intValue();
        Tenant tenant = new Tenant(
                index,
                "tenant" + index,
                fields.getOrDefault("weight", 1L).intValue(),
                fields.getOrDefault("priority", 0L).intValue());
        // Each job has a stream of its own: order within streams is the real plane's to keep.
        JobStream stream = new JobStream(fields.getOrDefault("stream", 0L), tenant);
        long submitted = fields.getOrDefault("submitted_ns", nowNs);
        long deadline = fields.getOrDefault("deadline_ns", 0L);
        if (deadline != 0 && deadline <= submitted) {
            throw new IllegalArgumentException(
                    "a deadline is later than the submission of its job, at " + submitted + " ns");
        }
        long kind = fields.getOrDefault("kind", 0L);
        JobKind jobKind = JobKind.values()[(int) kind];
        int width = fields.getOrDefault("width", 0L).intValue();
        JobSpec spec = new JobSpec(
                jobKind,
                jobKind == JobKind.KERNEL ? Math.max(1, width) : width,
                fields.getOrDefault("cost_ns", 0L),
                0,
                fields.getOrDefault("bytes", 0L),
                0,
                deadline == 0 ? 0 : deadline - submitted,
                0,
                0,
                fields.getOrDefault("tag", 0L));
        Job job = new Job(fields.getOrDefault("job_id", nextJob), stream, spec, submitted);
        if (!fields.containsKey("job_id")) {
            nextJob++;
        }
        return job;
    }

    /**
     * Puts jobs in a dispatch queue, in place of those that wait there. A queue that does not exist is created, ordered by
     * vtime when a job says its vtime.
     *
     * @param jobs each as fields of the context of {@code on_submit}, and {@code vtime}
     * @throws IllegalArgumentException when there can be no such queue, or no such job
     */
    public void fill(long number, List<Map<String, Long>> jobs) {
        boolean ordered = jobs.stream().anyMatch(j -> j.containsKey("vtime"));
        if (number != Constants.DSQ_GLOBAL && queues.find(number) == null) {
            long created = queues.create(number, ordered ? Constants.DSQ_VTIME : Constants.DSQ_FIFO, null);
            if (created != 0) {
                throw new IllegalArgumentException(
                        "a dispatch queue is numbered from 1 to 2147483647, and there are at most "
                                + Constants.MAX_DSQS);
            }
        }
        DispatchQueue queue = queues.find(number);
        if (queue == null) {
            throw new IllegalStateException("dispatch queue " + number + " was created, and is not there");
        }
        if (ordered && queue.order() == DispatchQueue.Order.FIFO) {
            throw new IllegalArgumentException(
                    "dispatch queue " + number + " is first in, first out: its jobs have no vtime");
        }
        for (Job job = queue.first(); job != null; job = queue.first()) {
            queue.remove(job);
        }
        for (Map<String, Long> fields : jobs) {
            queue.insert(job(fields), fields.getOrDefault("vtime", 0L), counts.nextInsertion());
        }
    }

    private static void write(MemorySegment context, ContextField field, long value) {
        if (field.width().bytes() == Long.BYTES) {
            context.set(U64, field.offset(), value);
        } else {
            context.set(U32, field.offset(), (int) value);
        }
    }

    private static long read(MemorySegment context, ContextField field) {
        return field.width().bytes() == Long.BYTES
                ? context.get(U64, field.offset())
                : Integer.toUnsignedLong(context.get(U32, field.offset()));
    }
}
