package dev.gbpf.host.law;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.plane.SteppedPlane.Answer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** Laws about one hook, tried on one context; all throw {@link AssertionError}, with what was asked, when they do not hold. */
public final class HookLaws {
    private HookLaws() {}

    /**
     * The verdict is one of those that are wanted. (That it is in the hook's own range, the verifier has proved.)
     *
     * @param wanted of the verdict
     */
    public static Answer verdict(HookSession session, Hook hook, Map<String, Long> fields, LongPredicate wanted) {
        Answer answer = session.ask(hook, fields);
        if (!wanted.test(answer.verdict())) {
            throw broken(session, hook, fields, "the verdict is " + answer.verdict());
        }
        return answer;
    }

    /** Asked again with the same context, the hook answers the same and leaves the maps as they were. */
    public static void idempotent(HookSession session, Hook hook, Map<String, Long> fields) {
        Answer first = session.ask(hook, fields);
        Map<String, Map<String, String>> before = session.contents();
        Answer second = session.ask(hook, fields);
        if (!outputs(hook, first).equals(outputs(hook, second))) {
            throw broken(
                    session,
                    hook,
                    fields,
                    "it answers " + outputs(hook, first) + ", and then " + outputs(hook, second));
        }
        if (!before.equals(session.contents())) {
            throw broken(session, hook, fields, "asked again it changes the maps, which held " + before);
        }
    }

    /** What a hook tells the plane: its verdict and the fields that it may write. */
    private static Map<String, Long> outputs(Hook hook, Answer answer) {
        Map<String, Long> outputs = new TreeMap<>(answer.context());
        hook.context().fields().stream().filter(f -> !f.writable()).forEach(f -> outputs.remove(f.name()));
        outputs.put("verdict", answer.verdict());
        return outputs;
    }

    /** The hook leaves the maps as they are. */
    public static void changesNoMap(HookSession session, Hook hook, Map<String, Long> fields) {
        Map<String, Map<String, String>> before = session.contents();
        session.ask(hook, fields);
        if (!before.equals(session.contents())) {
            throw broken(session, hook, fields, "it changes the maps, which held " + before);
        }
    }

    private static AssertionError broken(HookSession session, Hook hook, Map<String, Long> fields, String what) {
        return new AssertionError(hook.symbol() + " " + fields + ": " + what + "; maps hold " + session.contents());
    }
}
