package dev.gbpf.host.authority;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What somebody may do; each role may do what the ones before it may. */
public enum Role {
    /** Look: policies, maps, hooks, tenants, the device. */
    OBSERVE("observe"),
    /** Change which of the loaded policies decides, what maps hold, and what tenants weigh. */
    SWAP("swap"),
    /** Bring in new policies. */
    LOAD("load");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** The word in configurations and replies. */
    public String word() {
        return word;
    }

    /** Whether this role may do what {@code needed} may. */
    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** The role of a word. */
    public static Optional<Role> byWord(String word) {
        return Arrays.stream(values()).filter(r -> r.word.equals(word)).findFirst();
    }

    /** The words of all roles. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Role::word).toList();
    }
}
