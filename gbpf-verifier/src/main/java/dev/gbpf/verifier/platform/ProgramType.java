package dev.gbpf.verifier.platform;

import dev.gbpf.abi.DeviceProfile;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.abi.VerdictSpec;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a program is verified against.
 *
 * @param name what messages call it
 * @param hook the hook that it is for, or null for a raw program
 * @param context the memory behind {@code r1}
 * @param verdict what it may return
 * @param budget worst-case instructions that it may execute, at least 1
 * @param helpers what it may call
 * @param device how a device runs it, or null when a host does
 * @param anyResults whether the numbers that helpers give may be outside of the ranges that they declare
 */
public record ProgramType(
        String name,
        @Nullable Hook hook,
        ContextModel context,
        VerdictSpec verdict,
        long budget,
        Set<Helper> helpers,
        @Nullable DeviceProfile device,
        boolean anyResults) {
    /** A budget that no program exceeds. */
    public static final long NO_BUDGET = Long.MAX_VALUE;

    public ProgramType {
        if (budget < 1) {
            throw new IllegalArgumentException("program type " + name + ": budget=" + budget + " is below 1");
        }
        helpers = Set.copyOf(helpers);
    }

    /** A type of programs that a host runs, with helpers that keep to their ranges. */
    public ProgramType(
            String name,
            @Nullable Hook hook,
            ContextModel context,
            VerdictSpec verdict,
            long budget,
            Set<Helper> helpers) {
        this(name, hook, context, verdict, budget, helpers, null, false);
    }

    /** The type of a hook's programs. */
    public static ProgramType of(Hook hook) {
        return new ProgramType(
                hook.symbol(),
                hook,
                new ContextModel.Fields(hook.context()),
                hook.verdict(),
                hook.budget(),
                hook.helpers(),
                hook.device(),
                false);
    }

    /**
     * A program outside of hooks over {@code memorySize} bytes, which may return anything. At its start r1 points to the memory,
     * or is 0 when there is none, and r2 is {@code memorySize}.
     */
    public static ProgramType raw(int memorySize, long budget, Set<Helper> helpers) {
        VerdictSpec any = new VerdictSpec(Long.MIN_VALUE, Long.MAX_VALUE, List.of(), 0, "0");
        return new ProgramType("raw", null, new ContextModel.RawMemory(memorySize), any, budget, helpers);
    }

    /** Where its programs run. */
    public Plane plane() {
        return device == null ? Plane.HOST : Plane.DEVICE;
    }

    /** The same with a smaller budget; a greater one changes nothing. */
    public ProgramType withBudgetAtMost(long limit) {
        return new ProgramType(name, hook, context, verdict, Math.min(budget, limit), helpers, device, anyResults);
    }

    /** The same for a device that runs programs so. */
    public ProgramType onDevice(DeviceProfile profile) {
        return new ProgramType(name, hook, context, verdict, budget, helpers, profile, anyResults);
    }

    /** The same with helpers that may give any number, as the helpers of test suites do. */
    public ProgramType withAnyResults() {
        return new ProgramType(name, hook, context, verdict, budget, helpers, device, true);
    }
}
