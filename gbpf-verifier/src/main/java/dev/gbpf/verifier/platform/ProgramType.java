package dev.gbpf.verifier.platform;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
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
 */
public record ProgramType(
        String name, @Nullable Hook hook, ContextModel context, VerdictSpec verdict, int budget, Set<Helper> helpers) {
    public ProgramType {
        if (budget < 1) {
            throw new IllegalArgumentException("program type " + name + ": budget=" + budget + " is below 1");
        }
        helpers = Set.copyOf(helpers);
    }

    /** The type of a hook's programs. */
    public static ProgramType of(Hook hook) {
        return new ProgramType(
                hook.symbol(),
                hook,
                new ContextModel.Fields(hook.context()),
                hook.verdict(),
                hook.budget(),
                hook.helpers());
    }

    /** A program outside of hooks over {@code memorySize} bytes, which may return anything. */
    public static ProgramType raw(int memorySize, int budget, Set<Helper> helpers) {
        VerdictSpec any = new VerdictSpec(Long.MIN_VALUE, Long.MAX_VALUE, List.of(), 0, "0");
        return new ProgramType("raw", null, new ContextModel.RawMemory(memorySize), any, budget, helpers);
    }

    /** The same with a smaller budget; a greater one changes nothing. */
    public ProgramType withBudgetAtMost(int limit) {
        return new ProgramType(name, hook, context, verdict, Math.min(budget, limit), helpers);
    }
}
