package dev.gbpf.host.plane;

import static dev.gbpf.host.plane.ContextMemory.U32;
import static dev.gbpf.host.plane.ContextMemory.U64;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.queue.Tenant;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The contexts of the hooks in native memory, one of each kind, filled anew for every run. */
final class HookContexts {
    // The three hooks about a job begin with the same fields at the same offsets; the constructor checks it.
    private static final long NOW = submit("now_ns");
    private static final long JOB_ID = submit("job_id");
    private static final long STREAM = submit("stream");
    private static final long SUBMITTED = submit("submitted_ns");
    private static final long DEADLINE = submit("deadline_ns");
    private static final long COST = submit("cost_ns");
    private static final long BYTES = submit("bytes");
    private static final long TAG = submit("tag");
    private static final long TENANT = submit("tenant");
    private static final long KIND = submit("kind");
    private static final long WEIGHT = submit("weight");
    private static final long PRIORITY = submit("priority");
    private static final long WIDTH = submit("width");
    private static final long FLAGS = submit("flags");

    private static final long SUBMIT_QUEUED = submit("queued");
    private static final long SUBMIT_RUNNING = submit("running");
    private static final long SUBMIT_REASON = submit("reason");

    private static final long ADMIT_DSQ = Hook.ON_ADMIT.context().offsetOf("dsq");
    private static final long ADMIT_RUNNING = Hook.ON_ADMIT.context().offsetOf("running");
    private static final long ADMIT_TENANT_RUNNING = Hook.ON_ADMIT.context().offsetOf("tenant_running");
    private static final long ADMIT_VSLICE = Hook.ON_ADMIT.context().offsetOf("vslice");
    private static final long ADMIT_DEFER = Hook.ON_ADMIT.context().offsetOf("defer_until_ns");
    private static final long ADMIT_REASON = Hook.ON_ADMIT.context().offsetOf("reason");

    private static final long DISPATCH_NOW = Hook.ON_DISPATCH.context().offsetOf("now_ns");
    private static final long DISPATCH_VSLICE = Hook.ON_DISPATCH.context().offsetOf("vslice");
    private static final long DISPATCH_ROOM = Hook.ON_DISPATCH.context().offsetOf("room");
    private static final long DISPATCH_QUEUED = Hook.ON_DISPATCH.context().offsetOf("queued");
    private static final long DISPATCH_RUNNING = Hook.ON_DISPATCH.context().offsetOf("running");
    private static final long DISPATCH_TENANTS = Hook.ON_DISPATCH.context().offsetOf("tenants");
    private static final long DISPATCH_SMS = Hook.ON_DISPATCH.context().offsetOf("sms");
    private static final long DISPATCH_BUDGET = Hook.ON_DISPATCH.context().offsetOf("budget_ns");

    private static final long RETIRE_DISPATCHED = Hook.ON_RETIRE.context().offsetOf("dispatched_ns");
    private static final long RETIRE_RUN = Hook.ON_RETIRE.context().offsetOf("run_ns");
    private static final long RETIRE_STATUS = Hook.ON_RETIRE.context().offsetOf("status");
    private static final long RETIRE_VSLICE = Hook.ON_RETIRE.context().offsetOf("vslice");

    private static final long TICK_NOW = Hook.ON_TICK.context().offsetOf("now_ns");
    private static final long TICK_TICK = Hook.ON_TICK.context().offsetOf("tick");
    private static final long TICK_QUEUED = Hook.ON_TICK.context().offsetOf("queued");
    private static final long TICK_RUNNING = Hook.ON_TICK.context().offsetOf("running");
    private static final long TICK_TENANTS = Hook.ON_TICK.context().offsetOf("tenants");
    private static final long TICK_VSLICES = Hook.ON_TICK.context().offsetOf("vslices");
    private static final long INIT_NOW = Hook.INIT.context().offsetOf("now_ns");
    private static final long INIT_REASON = Hook.INIT.context().offsetOf("reason");
    private static final long INIT_KEPT_MAPS = Hook.INIT.context().offsetOf("kept_maps");
    private static final long INIT_TENANTS = Hook.INIT.context().offsetOf("tenants");
    private static final long INIT_VSLICES = Hook.INIT.context().offsetOf("vslices");
    private static final long INIT_QUEUED = Hook.INIT.context().offsetOf("queued");
    private static final long EXIT_NOW = Hook.EXIT.context().offsetOf("now_ns");
    private static final long EXIT_KIND = Hook.EXIT.context().offsetOf("kind");
    private static final long EXIT_CODE = Hook.EXIT.context().offsetOf("code");
    private static final long EXIT_DECISIONS = Hook.EXIT.context().offsetOf("decisions");
    private static final long MIGRATE_NOW = Hook.MIGRATE.context().offsetOf("now_ns");
    private static final long MIGRATE_OLD_MAPS = Hook.MIGRATE.context().offsetOf("old_maps");
    private static final long MIGRATE_TENANTS = Hook.MIGRATE.context().offsetOf("tenants");

    private final Roster roster;
    private final int vslices;
    private final MemorySegment submit;
    private final MemorySegment admit;
    private final MemorySegment dispatch;
    private final MemorySegment retire;
    private final MemorySegment tick;
    private final MemorySegment init;
    private final MemorySegment exit;
    private final MemorySegment migrate;

    HookContexts(Arena arena, Roster roster, int vslices) {
        this.roster = roster;
        this.vslices = vslices;
        this.submit = allocate(arena, Hook.ON_SUBMIT);
        this.admit = allocate(arena, Hook.ON_ADMIT);
        this.dispatch = allocate(arena, Hook.ON_DISPATCH);
        this.retire = allocate(arena, Hook.ON_RETIRE);
        this.tick = allocate(arena, Hook.ON_TICK);
        this.init = allocate(arena, Hook.INIT);
        this.exit = allocate(arena, Hook.EXIT);
        this.migrate = allocate(arena, Hook.MIGRATE);
        int common = 14;
        for (Hook hook : new Hook[] {Hook.ON_ADMIT, Hook.ON_RETIRE}) {
            if (!hook.context()
                    .fields()
                    .subList(0, common)
                    .equals(Hook.ON_SUBMIT.context().fields().subList(0, common))) {
                throw new IllegalStateException(
                        "context of " + hook.symbol() + " does not begin with the job's fields");
            }
        }
    }

    private static long submit(String field) {
        return Hook.ON_SUBMIT.context().offsetOf(field);
    }

    static MemorySegment allocate(Arena arena, Hook hook) {
        return arena.allocate(hook.context().size(), 64);
    }

    static void fillJob(MemorySegment ctx, Job job, long nowNs) {
        JobSpec spec = job.spec();
        Tenant tenant = job.tenant();
        ctx.set(U64, NOW, nowNs);
        ctx.set(U64, JOB_ID, job.id());
        ctx.set(U64, STREAM, job.stream().id());
        ctx.set(U64, SUBMITTED, job.submittedNs());
        ctx.set(U64, DEADLINE, job.deadlineNs());
        ctx.set(U64, COST, job.costNs());
        ctx.set(U64, BYTES, spec.bytes());
        ctx.set(U64, TAG, spec.tag());
        ctx.set(U32, TENANT, tenant.index());
        ctx.set(U32, KIND, (int) spec.kind().number());
        ctx.set(U32, WEIGHT, tenant.weight());
        ctx.set(U32, PRIORITY, tenant.priority());
        ctx.set(U32, WIDTH, spec.width());
        long flags =
                (job.reoffered() ? Constants.JOB_REOFFERED : 0) | (spec.batchClass() > 0 ? Constants.JOB_BATCHABLE : 0);
        ctx.set(U32, FLAGS, (int) flags);
    }

    long fillSubmit(Job job, long nowNs, int queued, int running) {
        fillJob(submit, job, nowNs);
        submit.set(U64, SUBMIT_QUEUED, queued);
        submit.set(U64, SUBMIT_RUNNING, running);
        submit.set(U64, SUBMIT_REASON, 0);
        return submit.address();
    }

    long submitReason() {
        return submit.get(U64, SUBMIT_REASON) & Long.MAX_VALUE;
    }

    long fillAdmit(Job job, long nowNs, int dsq, int running, int tenantRunning, int vslice) {
        fillJob(admit, job, nowNs);
        admit.set(U64, ADMIT_DSQ, dsq);
        admit.set(U64, ADMIT_RUNNING, running);
        admit.set(U32, ADMIT_TENANT_RUNNING, tenantRunning);
        admit.set(U32, ADMIT_VSLICE, vslice);
        admit.set(U64, ADMIT_DEFER, 0);
        admit.set(U64, ADMIT_REASON, 0);
        return admit.address();
    }

    long deferUntilNs() {
        return admit.get(U64, ADMIT_DEFER);
    }

    long admitReason() {
        return admit.get(U64, ADMIT_REASON) & Long.MAX_VALUE;
    }

    long fillDispatch(long nowNs, int vslice, int room, int sms, int queued, int running) {
        dispatch.set(U64, DISPATCH_NOW, nowNs);
        dispatch.set(U32, DISPATCH_VSLICE, vslice);
        dispatch.set(U32, DISPATCH_ROOM, room);
        dispatch.set(U64, DISPATCH_QUEUED, queued);
        dispatch.set(U64, DISPATCH_RUNNING, running);
        dispatch.set(U32, DISPATCH_TENANTS, roster.size());
        dispatch.set(U32, DISPATCH_SMS, sms);
        dispatch.set(U64, DISPATCH_BUDGET, 0);
        return dispatch.address();
    }

    long dispatchBudgetNs() {
        return dispatch.get(U64, DISPATCH_BUDGET) & Long.MAX_VALUE;
    }

    long fillRetire(Job job, long nowNs, long runNs, boolean failed) {
        fillJob(retire, job, nowNs);
        retire.set(U64, RETIRE_DISPATCHED, job.dispatchedNs());
        retire.set(U64, RETIRE_RUN, runNs);
        retire.set(U32, RETIRE_STATUS, (int) (failed ? Constants.STATUS_FAILED : Constants.STATUS_OK));
        retire.set(U32, RETIRE_VSLICE, job.vslice());
        return retire.address();
    }

    long fillTick(long nowNs, long number, int queued, int running) {
        tick.set(U64, TICK_NOW, nowNs);
        tick.set(U64, TICK_TICK, number);
        tick.set(U64, TICK_QUEUED, queued);
        tick.set(U64, TICK_RUNNING, running);
        tick.set(U32, TICK_TENANTS, roster.size());
        tick.set(U32, TICK_VSLICES, vslices);
        return tick.address();
    }

    long fillInit(long nowNs, long reason, int keptMaps, int queued) {
        init.set(U64, INIT_NOW, nowNs);
        init.set(U32, INIT_REASON, (int) reason);
        init.set(U32, INIT_KEPT_MAPS, keptMaps);
        init.set(U32, INIT_TENANTS, roster.size());
        init.set(U32, INIT_VSLICES, vslices);
        init.set(U64, INIT_QUEUED, queued);
        return init.address();
    }

    long fillMigrate(long nowNs, int oldMaps) {
        migrate.set(U64, MIGRATE_NOW, nowNs);
        migrate.set(U32, MIGRATE_OLD_MAPS, oldMaps);
        migrate.set(U32, MIGRATE_TENANTS, roster.size());
        return migrate.address();
    }

    long fillExit(long nowNs, long kind, int code, long decisions) {
        exit.set(U64, EXIT_NOW, nowNs);
        exit.set(U32, EXIT_KIND, (int) kind);
        exit.set(U32, EXIT_CODE, code);
        exit.set(U64, EXIT_DECISIONS, decisions);
        return exit.address();
    }
}
