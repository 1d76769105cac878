package dev.gbpf.host.jit;

import dev.gbpf.abi.Helper;
import dev.gbpf.host.helper.PlaneServices;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Planes for tests. */
final class ScriptedServices {
    /** One that nobody may ask. */
    static final PlaneServices NONE = of(
            helper -> {
                throw new AssertionError("unexpected call of " + helper.symbol());
            },
            new ArrayList<>());

    private static final Map<String, Helper> HELPERS = new HashMap<>();

    static {
        for (Helper helper : Helper.values()) {
            HelperTarget.of(helper.id()).filter(t -> !t.onMap()).ifPresent(t -> HELPERS.put(t.name(), helper));
        }
    }

    private ScriptedServices() {}

    /**
     * A plane with these answers.
     *
     * @param calls where it notes what it is asked; addresses, which differ from run to run, are left out
     */
    static PlaneServices of(ToLongFunction<Helper> answers, List<String> calls) {
        return (PlaneServices) Proxy.newProxyInstance(
                PlaneServices.class.getClassLoader(),
                new Class<?>[] {PlaneServices.class},
                (_, method, arguments) -> answer(method, arguments, answers, calls));
    }

    private static Object answer(
            Method method, Object[] arguments, ToLongFunction<Helper> answers, List<String> calls) {
        Helper helper = HELPERS.get(method.getName());
        if (helper == null) {
            throw new AssertionError("there is no helper behind " + method);
        }
        int first = helper == Helper.TRACE_PRINTK ? 1 : 0;
        calls.add(helper.symbol()
                + (arguments == null ? "" : Arrays.toString(Arrays.copyOfRange(arguments, first, arguments.length))));
        return answers.applyAsLong(helper);
    }
}
