package dev.gbpf.lang.codegen;

import dev.gbpf.lang.sema.BoundFunction;
import dev.gbpf.lang.sema.BoundHook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which functions stand in place of their calls, and which are functions of the program that are called. In place
 * stand those that are small, for which the call would be most of the work, and those that a program calls in one place only,
 * for which a call would make it longer. What is small is so in every hook of the policy.
 */
final class FunctionPlan {
    /** Slots of a function that counts as small, its {@code exit} included. */
    static final int SMALL = 12;

    /** Each function on its own, with small functions in place. */
    private final Map<BoundFunction, LowCode> lowered = new HashMap<>();

    /** The parts of a hook's program, that of the hook first. */
    List<ProgramPart> lower(BoundHook hook) {
        Set<BoundFunction> once = calledOnce(Optimization.simplify(HookLowering.lower(hook, this::isSmall)));
        Predicate<BoundFunction> inlined = f -> isSmall(f) || once.contains(f);
        List<ProgramPart> parts = new ArrayList<>();
        parts.add(new ProgramPart(null, Optimization.simplify(HookLowering.lower(hook, inlined))));
        Set<BoundFunction> called = new LinkedHashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            for (BoundFunction function : calls(parts.get(i).code()).keySet()) {
                if (called.add(function)) {
                    parts.add(new ProgramPart(function, Optimization.simplify(HookLowering.lower(function, inlined))));
                }
            }
        }
        return parts;
    }

    private boolean isSmall(BoundFunction function) {
        return new Assembly(List.of(new ProgramPart(function, lowered(function)))).slots() <= SMALL;
    }

    private LowCode lowered(BoundFunction function) {
        LowCode known = lowered.get(function);
        if (known == null) {
            // Goes on to the functions that it calls; calls nest a few levels at most.
            known = Optimization.simplify(HookLowering.lower(function, this::isSmall));
            lowered.put(function, known);
        }
        return known;
    }

    /**
     * The functions that a program calls in one place. Every function that is not small has its code in the program once,
     * be it in place of its only call or on its own, so calls in it count once.
     */
    private Set<BoundFunction> calledOnce(LowCode main) {
        Map<BoundFunction, Integer> sites = new HashMap<>(calls(main));
        List<BoundFunction> found = new ArrayList<>(sites.keySet());
        for (int i = 0; i < found.size(); i++) {
            calls(lowered(found.get(i))).forEach((function, count) -> {
                if (sites.put(function, sites.getOrDefault(function, 0) + count) == null) {
                    found.add(function);
                }
            });
        }
        Set<BoundFunction> once = new HashSet<>();
        sites.forEach((function, count) -> {
            if (count == 1) {
                once.add(function);
            }
        });
        return once;
    }

    /** How often each function is called, in order of the first call. */
    private static Map<BoundFunction, Integer> calls(LowCode code) {
        Map<BoundFunction, Integer> calls = new LinkedHashMap<>();
        for (LowCode.Line line : code.lines()) {
            if (line.instruction() instanceof LowInstruction.Invoke(BoundFunction function)) {
                calls.merge(function, 1, Integer::sum);
            }
        }
        return calls;
    }
}
