package dev.gbpf.host.device;

import java.util.Locale;

/**
 * What was found when something was checked that devices need.
 *
 * @param name what was checked, in a few words
 * @param state whether it will do
 * @param found what is there, one line without a final full stop
 * @param remedy what to do about it; empty when it will do
 */
public record Check(String name, State state, String found, String remedy) {
    /** Whether it will do. */
    public enum State {
        OK,
        /** gBPF works, with less. */
        WARN,
        /** What needs it does not work. */
        FAIL;

        /** In messages and JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Check ok(String name, String found) {
        return new Check(name, State.OK, found, "");
    }

    public static Check warn(String name, String found, String remedy) {
        return new Check(name, State.WARN, found, remedy);
    }

    public static Check fail(String name, String found, String remedy) {
        return new Check(name, State.FAIL, found, remedy);
    }
}
