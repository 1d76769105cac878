package dev.gbpf.host.daemon;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where a daemon runs the device programs of policies. */
public enum DeviceRuntimeKind {
    /** Nowhere: they are kept. */
    NONE,
    /** On threads of this process, by the device code's build for the CPU. */
    CPU,
    /** On the first GPU, which its control kernel then has to itself. */
    GPU;

    /** As the command line and the configuration write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a word. */
    public static Optional<DeviceRuntimeKind> byWord(String word) {
        return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst();
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(DeviceRuntimeKind::word).toList();
    }
}
