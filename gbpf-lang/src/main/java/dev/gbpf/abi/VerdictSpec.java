package dev.gbpf.abi;

import java.util.List;
import java.util.Optional;

/**
 * What a hook's program may return in {@code r0}, as a signed 64-bit number.
 *
 * @param min least allowed value
 * @param max greatest allowed value
 * @param names the values that have a name in the policy language
 * @param defaultVerdict what the plane does when the policy leaves the hook out, and what falling off the end returns
 * @param defaultDoc that default in words
 */
public record VerdictSpec(long min, long max, List<NamedValue> names, long defaultVerdict, String defaultDoc) {
    public VerdictSpec {
        names = List.copyOf(names);
        if (min > max || defaultVerdict < min || defaultVerdict > max) {
            throw new IllegalArgumentException(
                    "verdict min=" + min + " max=" + max + " default=" + defaultVerdict + " do not fit");
        }
    }

    /**
     * A verdict, or a constant of the interface, with a name.
     *
     * @param name upper case
     * @param value the number
     * @param doc one sentence
     */
    public record NamedValue(String name, long value, String doc) {}

    /** The named verdict of this name. */
    public Optional<NamedValue> named(String name) {
        return names.stream().filter(n -> n.name().equals(name)).findFirst();
    }
}
