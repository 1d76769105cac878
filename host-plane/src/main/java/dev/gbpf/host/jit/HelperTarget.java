package dev.gbpf.host.jit;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.BpfMap;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The Java method behind a helper: one of the map's for a helper that begins with a map, else one of the plane's, with the
 * helper's name.
 *
 * @param name the method's name
 * @param arguments how many numbers it takes, the map not counted
 * @param onMap whether it is a method of the map
 */
record HelperTarget(String name, int arguments, boolean onMap) {
    private static final String MAP_PREFIX = "map_";

    private static final Map<Helper, HelperTarget> TARGETS = new EnumMap<>(Helper.class);

    static {
        for (Helper helper : Helper.values()) {
            HelperTarget target = named(helper);
            if (target.exists()) {
                TARGETS.put(helper, target);
            }
        }
    }

    /** The method of a helper, or nothing when only the dispatcher knows the helper. */
    static Optional<HelperTarget> of(int id) {
        return Helper.byId(id).map(TARGETS::get);
    }

    private static HelperTarget named(Helper helper) {
        boolean onMap = !helper.arguments().isEmpty()
                && helper.arguments().getFirst().kind() == ArgumentKind.MAP
                && helper.symbol().startsWith(MAP_PREFIX);
        String symbol = onMap ? helper.symbol().substring(MAP_PREFIX.length()) : helper.symbol();
        return new HelperTarget(camelCase(symbol), helper.arguments().size() - (onMap ? 1 : 0), onMap);
    }

    private static String camelCase(String symbol) {
        StringBuilder name = new StringBuilder();
        for (String word : symbol.split("_", -1)) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }

    private boolean exists() {
        Class<?>[] types = new Class<?>[arguments];
        Arrays.fill(types, long.class);
        Class<?> owner = onMap ? BpfMap.class : PlaneServices.class;
        return Arrays.stream(owner.getMethods())
                .anyMatch(m -> m.getName().equals(name)
                        && m.getReturnType() == long.class
                        && Arrays.equals(m.getParameterTypes(), types));
    }

    /** The descriptor of the method. */
    String descriptor() {
        return "(" + "J".repeat(arguments) + ")J";
    }
}
