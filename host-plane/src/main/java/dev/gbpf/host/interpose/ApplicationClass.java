package dev.gbpf.host.interpose;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What kind of application a process is; the numbers are {@code enum gbpf_class}. */
public enum ApplicationClass {
    /** It takes what is left. */
    BEST_EFFORT,
    /** Somebody waits for its answers. */
    LATENCY;

    /** As the command line writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The class of a word. */
    public static Optional<ApplicationClass> byWord(String word) {
        return Arrays.stream(values()).filter(c -> c.word().equals(word)).findFirst();
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(ApplicationClass::word).toList();
    }
}
