package dev.gbpf.host.observe;

import dev.gbpf.abi.Hook;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Signs of life of a plane's thread, without looking at a clock. One thread writes, any may read. */
public final class Heartbeat {
    private static final VarHandle STEPS;
    private static final VarHandle TICKS;
    private static final VarHandle HOOK;
    private static final Hook[] HOOKS = Hook.values();

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STEPS = lookup.findVarHandle(Heartbeat.class, "steps", long.class);
            TICKS = lookup.findVarHandle(Heartbeat.class, "ticks", long.class);
            HOOK = lookup.findVarHandle(Heartbeat.class, "hook", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Odd while a program runs. */
    private long steps;

    private long ticks;

    @SuppressWarnings("UnusedVariable") // through its handle
    private int hook;

    Heartbeat() {}

    void entered(Hook which) {
        HOOK.setOpaque(this, which.ordinal());
        STEPS.setOpaque(this, steps + 1);
    }

    void left() {
        STEPS.setOpaque(this, steps + 1);
    }

    void ticked() {
        TICKS.setOpaque(this, ticks + 1);
    }

    /** Grows when a program begins and when it ends; odd in between. */
    public long steps() {
        return (long) STEPS.getOpaque(this);
    }

    public long ticks() {
        return (long) TICKS.getOpaque(this);
    }

    /** The hook that was asked last. */
    public Hook hook() {
        return HOOKS[(int) HOOK.getOpaque(this)];
    }
}
