package dev.gbpf.lang.sema;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which function calls which. There must be no circle, because nothing would bound it, and no chain of calls longer than the
 * machine has frames; and what a function calls must be allowed in each hook that it is called from.
 */
final class CallGraph {
    /** Frames of the machine, that of the hook included. */
    static final int MAX_FRAMES = 8;

    private final Map<BoundFunction, Reach> reaches = new HashMap<>();
    private boolean circular;

    /** Adds the functions of a file, whose bodies were analysed, and checks the calls between them. */
    void add(Collection<BoundFunction> functions, Reporter reporter) {
        functions.forEach(f -> visit(f, reporter));
    }

    /**
     * What a call of a function leads to.
     *
     * @param frames frames in use at one time, its own included
     * @param deepest the function that it calls on the way there, or null
     * @param helpers the helpers that are called, each with the function that is called on the way there, or null when the
     *     function calls it itself
     */
    private record Reach(int frames, @Nullable BoundFunction deepest, Map<Helper, @Nullable BoundFunction> helpers) {}

    /** A function on the way, and what of its calls was not followed yet. */
    private record Step(BoundFunction function, Iterator<BoundFunction> calls) {}

    /** Goes through all that can be called from a function; with a stack of its own, for chains may be long. */
    private void visit(BoundFunction start, Reporter reporter) {
        Deque<Step> path = new ArrayDeque<>();
        Set<BoundFunction> open = new HashSet<>();
        enter(start, path, open);
        while (!path.isEmpty()) {
            Step step = path.getLast();
            if (!step.calls().hasNext()) {
                path.removeLast();
                open.remove(step.function());
                reaches.put(step.function(), reach(step.function(), reporter));
                continue;
            }
            BoundFunction callee = step.calls().next();
            if (open.contains(callee)) {
                reportCircle(path, callee, reporter);
            } else {
                enter(callee, path, open);
            }
        }
    }

    private void enter(BoundFunction function, Deque<Step> path, Set<BoundFunction> open) {
        if (!reaches.containsKey(function)) {
            open.add(function);
            path.addLast(
                    new Step(function, function.calls().functions().keySet().iterator()));
        }
    }

    private Reach reach(BoundFunction function, Reporter reporter) {
        int frames = 1;
        BoundFunction deepest = null;
        Map<Helper, @Nullable BoundFunction> helpers = new EnumMap<>(Helper.class);
        function.calls().helpers().keySet().forEach(h -> helpers.put(h, null));
        for (BoundFunction callee : function.calls().functions().keySet()) {
            // One that calls in a circle was complained about, and has no reach yet.
            Reach further = reaches.get(callee);
            if (further != null) {
                further.helpers().keySet().stream()
                        .filter(h -> !helpers.containsKey(h))
                        .forEach(h -> helpers.put(h, callee));
                if (further.frames() + 1 > frames) {
                    frames = further.frames() + 1;
                    deepest = callee;
                }
            }
        }
        Reach reach = new Reach(frames, deepest, helpers);
        if (frames == MAX_FRAMES && !circular) {
            reportDepth(function, reach, reporter);
        }
        return reach;
    }

    private void reportCircle(Deque<Step> path, BoundFunction callee, Reporter reporter) {
        circular = true;
        List<BoundFunction> circle = new ArrayList<>(
                path.stream().map(Step::function).dropWhile(f -> f != callee).toList());
        BoundFunction last = circle.getLast();
        circle.add(callee);
        SourceSpan place = last.calls().functions().get(callee);
        reporter.message(
                        ErrorCode.RECURSIVE_CALL,
                        place == null ? last.span() : place,
                        last == callee
                                ? "`" + callee.name() + "` calls itself"
                                : "`" + callee.name() + "` calls itself through `" + last.name() + "`")
                .label("closes the circle " + chain(circle))
                .note("a policy is accepted only when it is sure to end, so functions do not call themselves")
                .help("repeat the work in a loop: `for i in 0..n max 64 { ... }`")
                .report();
    }

    private void reportDepth(BoundFunction function, Reach reach, Reporter reporter) {
        List<BoundFunction> functions = new ArrayList<>(List.of(function));
        for (Reach at = reach; at != null && at.deepest() != null; at = reaches.get(at.deepest())) {
            functions.add(at.deepest());
        }
        reporter.message(
                        ErrorCode.CALLS_TOO_DEEP,
                        function.span(),
                        "calls nest too deeply: " + functions.size() + " functions, at most " + (MAX_FRAMES - 1)
                                + " are allowed")
                .label("starts " + chain(functions))
                .note("the machine has " + MAX_FRAMES + " frames, and the hook takes one")
                .help("put two of these functions together")
                .report();
    }

    private static String chain(List<BoundFunction> functions) {
        return functions.stream().map(f -> "`" + f.name() + "`").collect(Collectors.joining(" -> "));
    }

    /** Complains about calls that lead to helpers which a hook must not call. */
    void checkHelpers(Calls calls, Hook hook, Reporter reporter) {
        Set<Helper> reported = new HashSet<>();
        calls.functions().forEach((function, place) -> {
            Reach reach = reaches.get(function);
            if (reach == null) {
                return;
            }
            for (Helper helper : reach.helpers().keySet()) {
                if (!hook.helpers().contains(helper) && reported.add(helper)) {
                    reportHelper(function, helper, place, hook, reporter);
                }
            }
        });
    }

    private void reportHelper(BoundFunction function, Helper helper, SourceSpan place, Hook hook, Reporter reporter) {
        List<BoundFunction> way = new ArrayList<>();
        for (BoundFunction at = function; at != null; at = next(at, helper)) {
            way.add(at);
        }
        BoundFunction last = way.getLast();
        SourceSpan call = last.calls().helpers().get(helper);
        String file =
                last.module().isMain() ? "" : " of " + last.module().source().name();
        reporter.message(
                        ErrorCode.HELPER_NOT_ALLOWED,
                        place,
                        "`" + function.name() + "` leads to `" + helper.symbol() + "`, which cannot be called in "
                                + hook.symbol())
                .label("not allowed in this hook")
                .note(chain(way) + " calls `" + helper.symbol() + "`"
                        + (call == null ? "" : " in line " + call.line() + file))
                .note("it is allowed in: " + CallAnalyzer.hooksThatMayCall(helper))
                .report();
    }

    private @Nullable BoundFunction next(BoundFunction function, Helper helper) {
        Reach reach = reaches.get(function);
        return reach == null ? null : reach.helpers().get(helper);
    }
}
