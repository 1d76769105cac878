package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.vm.ExecutableProgram;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Builds images whose programs are Java, and reads their contexts. */
final class JavaPolicy {
    private final Map<Hook, ExecutableProgram> programs = new EnumMap<>(Hook.class);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final String tag = Integer.toHexString(COUNT.incrementAndGet());
    Runnable onLeft = () -> {};

    JavaPolicy(String name) {
        this.name = name;
    }

    JavaPolicy on(Hook hook, ExecutableProgram program) {
        programs.put(hook, program);
        return this;
    }

    PolicyImage image() {
        return new PolicyImage(
                name,
                tag,
                List.of(programs),
                List.of(),
                List.of(),
                List.of(),
                PolicyImage.MapUse.SHARED,
                PolicyImage.MapChanges.NONE,
                () -> {},
                () -> {},
                () -> onLeft.run());
    }

    static long u64(Hook hook, long context, String field) {
        return memory(context, hook)
                .get(ValueLayout.JAVA_LONG_UNALIGNED, hook.context().offsetOf(field));
    }

    static int u32(Hook hook, long context, String field) {
        return memory(context, hook)
                .get(ValueLayout.JAVA_INT_UNALIGNED, hook.context().offsetOf(field));
    }

    static void set(Hook hook, long context, String field, long value) {
        memory(context, hook)
                .set(ValueLayout.JAVA_LONG_UNALIGNED, hook.context().offsetOf(field), value);
    }

    private static MemorySegment memory(long context, Hook hook) {
        return MemorySegment.ofAddress(context).reinterpret(hook.context().size());
    }

    /** One FIFO queue. */
    static JavaPolicy fifo(String name) {
        return new JavaPolicy(name)
                .on(Hook.INIT, (ctx, plane) -> plane.dsqCreate(1, 0))
                .on(Hook.ON_SUBMIT, (ctx, plane) -> {
                    plane.dsqInsert(1);
                    return 0;
                })
                .on(Hook.ON_DISPATCH, (ctx, plane) -> 1);
    }

    /** A FIFO queue for each tenant, numbered from {@code base}; the first that is not empty is served. */
    static JavaPolicy perTenant(String name, int base, int tenants) {
        return new JavaPolicy(name)
                .on(Hook.INIT, (ctx, plane) -> {
                    for (int t = 0; t < tenants; t++) {
                        plane.dsqCreate((long) base + t, 0);
                    }
                    return 0;
                })
                .on(Hook.ON_SUBMIT, (ctx, plane) -> {
                    plane.dsqInsert((long) base + u32(Hook.ON_SUBMIT, ctx, "tenant"));
                    return 0;
                })
                .on(Hook.ON_DISPATCH, (ctx, plane) -> {
                    for (int t = 0; t < tenants; t++) {
                        if (plane.dsqPeek((long) base + t, 0) != -1) {
                            return (long) base + t;
                        }
                    }
                    return 0;
                });
    }

    /** One queue in reverse order of job id: the worst for streams. */
    static JavaPolicy newestFirst(String name) {
        return new JavaPolicy(name)
                .on(Hook.INIT, (ctx, plane) -> plane.dsqCreate(7, 1))
                .on(Hook.ON_SUBMIT, (ctx, plane) -> {
                    plane.dsqInsertVtime(7, 1_000_000 - u64(Hook.ON_SUBMIT, ctx, "job_id"));
                    return 0;
                })
                .on(Hook.ON_DISPATCH, (ctx, plane) -> 7);
    }
}
