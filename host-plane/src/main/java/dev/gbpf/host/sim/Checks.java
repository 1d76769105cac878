package dev.gbpf.host.sim;

/** Range checks of configuration values; each message names the value, the range and whose it is. */
final class Checks {
    private Checks() {}

    static int inRange(String owner, String name, int value, int least, int most) {
        inRange(owner, name, (long) value, least, most);
        return value;
    }

    static long inRange(String owner, String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(owner + ": " + name + "=" + value + " is not in " + least + ".." + most);
        }
        return value;
    }

    static String named(String owner, String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException(owner + ": name is blank");
        }
        return name;
    }
}
