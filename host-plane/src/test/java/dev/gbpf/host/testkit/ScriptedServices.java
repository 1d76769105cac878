package dev.gbpf.host.testkit;

import dev.gbpf.abi.Helper;
import dev.gbpf.host.helper.PlaneServices;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Planes for tests. */
public final class ScriptedServices {
    private static final Map<String, Helper> HELPERS = new HashMap<>();

    static {
        for (Helper helper : Helper.values()) {
            StringBuilder name = new StringBuilder();
            for (String word : helper.symbol().split("_", -1)) {
                name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
            }
            HELPERS.put(name.toString(), helper);
        }
    }

    /** One that nobody may ask. */
    public static final PlaneServices NONE = of(
            helper -> {
                throw new AssertionError("unexpected call of " + helper.symbol());
            },
            new ArrayList<>());

    private ScriptedServices() {}

    /**
     * A plane with these answers.
     *
     * @param calls where it notes what it is asked; addresses, which differ from run to run, are left out
     */
    public static PlaneServices of(ToLongFunction<Helper> answers, List<String> calls) {
        return (PlaneServices) Proxy.newProxyInstance(
                PlaneServices.class.getClassLoader(), new Class<?>[] {PlaneServices.class}, (_, method, arguments) -> {
                    Helper helper = HELPERS.get(method.getName());
                    if (helper == null) {
                        throw new AssertionError("there is no helper behind " + method);
                    }
                    int first = helper == Helper.TRACE_PRINTK ? 1 : 0;
                    calls.add(helper.symbol()
                            + (arguments == null
                                    ? ""
                                    : Arrays.toString(Arrays.copyOfRange(arguments, first, arguments.length))));
                    return answers.applyAsLong(helper);
                });
    }
}
