package dev.gbpf.host.plane;

import static dev.gbpf.host.plane.ContextMemory.U32;
import static dev.gbpf.host.plane.ContextMemory.U64;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.device.ThermalReading;
import dev.gbpf.host.vm.ExecutableProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@code on_thermal} about each vSlice when power, clock or temperature moved, and caps what its kernels may use. The image
 * that decides is asked alone: a cap holds for the jobs of a canary too.
 */
final class Thermal {
    private static final long NOW = offset("now_ns");
    private static final long POWER = offset("power_mw");
    private static final long TEMPERATURE = offset("temperature_mc");
    private static final long LIMIT = offset("limit_mc");
    private static final long CLOCK = offset("clock");
    private static final long CHANGED = offset("changed");
    private static final long VSLICE = offset("vslice");
    private static final long SMS = offset("sms");
    private static final long CAP = offset("cap");
    private static final long VSLICES = offset("vslices");

    private final PlaneState state;
    private final HookRunner hooks;
    private final MemorySegment context;
    private final int[] caps;
    private @Nullable ThermalReading last;
    private long askedAt;

    Thermal(PlaneState state, HookRunner hooks, Arena arena) {
        this.state = state;
        this.hooks = hooks;
        this.context = HookContexts.allocate(arena, Hook.ON_THERMAL);
        this.caps = new int[state.device.vslices()];
    }

    private static long offset(String field) {
        return Hook.ON_THERMAL.context().offsetOf(field);
    }

    /** Something moved. */
    void moved(ThermalReading reading, long nowNs) {
        last = reading.whole();
        ask(reading, nowNs);
    }

    /** What another image capped does not hold for the one that decides now. */
    void follow(long nowNs) {
        if (last != null && askedAt != state.changes()) {
            ask(last, nowNs);
        }
    }

    private void ask(ThermalReading reading, long nowNs) {
        for (int vslice = 0; vslice < caps.length; vslice++) {
            Side side = state.control;
            ExecutableProgram program = side.onThermal;
            int cap = program == null
                    ? 0
                    : (int) hooks.run(side, Hook.ON_THERMAL, program, fill(reading, vslice, nowNs), null, nowNs);
            if (cap != caps[vslice]) {
                caps[vslice] = cap;
                state.device.cap(vslice, cap);
            }
        }
        askedAt = state.changes();
    }

    private long fill(ThermalReading reading, int vslice, long nowNs) {
        context.set(U64, NOW, nowNs);
        context.set(U64, POWER, reading.powerMilliwatts());
        context.set(U32, TEMPERATURE, reading.temperatureMilliCelsius());
        context.set(U32, LIMIT, reading.limitMilliCelsius());
        context.set(U32, CLOCK, reading.clockThousandths());
        context.set(U32, CHANGED, reading.changed());
        context.set(U32, VSLICE, vslice);
        context.set(U32, SMS, state.device.sms(vslice));
        context.set(U32, CAP, caps[vslice]);
        context.set(U32, VSLICES, caps.length);
        return context.address();
    }
}
