package dev.gbpf.host.check;

/**
 * Range checks of configuration values. Each throws {@link IllegalArgumentException} with a message that names the value, the
 * range and whose it is.
 */
public final class Checks {
    /** The longest time that a parameter may give, ns: about 11 days. */
    public static final long MAX_TIME_NS = 1_000_000_000_000_000L;

    private Checks() {}

    public static void inRange(String owner, String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(owner + ": " + name + "=" + value + " is not in " + least + ".." + most);
        }
    }

    /** Rejects NaN and infinities too. */
    public static void inRange(String owner, String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(owner + ": " + name + "=" + value + " is not in " + least + ".." + most);
        }
    }

    /** A time of at least {@code least} and at most {@link #MAX_TIME_NS}. */
    public static void timeNs(String owner, String name, long value, long least) {
        inRange(owner, name, value, least, MAX_TIME_NS);
    }

    /** A name that is not blank. */
    public static void named(String owner, String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException(owner + ": name is blank");
        }
    }
}
