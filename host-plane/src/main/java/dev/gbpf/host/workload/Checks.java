package dev.gbpf.host.workload;

/** Range checks of parameters; each message names the value, the range and whose it is. */
final class Checks {
    /** The longest time that a parameter may give, ns: about 11 days. */
    static final long MAX_TIME_NS = 1_000_000_000_000_000L;

    private Checks() {}

    static void inRange(String owner, String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(owner + ": " + name + "=" + value + " is not in " + least + ".." + most);
        }
    }

    /** Rejects NaN and infinities too. */
    static void inRange(String owner, String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(owner + ": " + name + "=" + value + " is not in " + least + ".." + most);
        }
    }

    static void timeNs(String owner, String name, long value, long least) {
        inRange(owner, name, value, least, MAX_TIME_NS);
    }
}
