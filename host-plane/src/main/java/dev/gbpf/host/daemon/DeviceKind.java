package dev.gbpf.host.daemon;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a daemon's plane decides for. */
public enum DeviceKind {
    /** A simulated device, with the work of a scenario. */
    SIMULATED,
    /** The GPU, as the unmodified applications use it that attach: {@code gbpf exec}. */
    INTERPOSED;

    /** As the command line and the configuration write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a word. */
    public static Optional<DeviceKind> byWord(String word) {
        return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst();
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(DeviceKind::word).toList();
    }
}
