package dev.gbpf.host.swap;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.swap.TrialReport.Difference;
import dev.gbpf.host.swap.TrialReport.HookAgreement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Compares a shadow's decisions with the live ones. Confined to the plane's thread. */
public final class Agreement {
    /** How many differing decisions are kept. */
    public static final int EXAMPLES = 8;

    private static final List<Hook> COMPARED = List.of(
            Hook.ON_SUBMIT,
            Hook.ON_ADMIT,
            Hook.ON_DISPATCH,
            Hook.ON_PREEMPT,
            Hook.ON_COPY_ENQUEUE,
            Hook.ON_COLLECTIVE_PHASE);

    private final long[] decisions = new long[Hook.values().length];
    private final long[] agreed = new long[Hook.values().length];
    private final List<Difference> differences = new ArrayList<>();

    /** Both said the same. */
    public void same(Hook hook) {
        decisions[hook.ordinal()]++;
        agreed[hook.ordinal()]++;
    }

    /** They did not; the example is asked for only when there is room for it. */
    public void different(Hook hook, Supplier<Difference> example) {
        decisions[hook.ordinal()]++;
        if (differences.size() < EXAMPLES) {
            differences.add(example.get());
        }
    }

    /** By hook; those that were never asked are left out. */
    public List<HookAgreement> byHook() {
        List<HookAgreement> hooks = new ArrayList<>();
        for (Hook hook : COMPARED) {
            if (decisions[hook.ordinal()] > 0) {
                hooks.add(new HookAgreement(hook.symbol(), decisions[hook.ordinal()], agreed[hook.ordinal()]));
            }
        }
        return hooks;
    }

    /** Decisions of all hooks. */
    public long decisions() {
        long sum = 0;
        for (long n : decisions) {
            sum += n;
        }
        return sum;
    }

    /** Those in which both said the same. */
    public long agreed() {
        long sum = 0;
        for (long n : agreed) {
            sum += n;
        }
        return sum;
    }

    /** The first differing ones. */
    public List<Difference> differences() {
        return List.copyOf(differences);
    }
}
