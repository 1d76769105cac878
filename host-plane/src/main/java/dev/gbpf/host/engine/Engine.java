package dev.gbpf.host.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What runs the programs of a policy. All give the same results. */
public enum Engine {
    /** The interpreter at first, and compiled code for a policy that is asked often or was compiled before. */
    AUTO("auto"),
    /** The interpreter, always. */
    INTERPRETER("interpreter"),
    /** Compiled code from the first decision on; the interpreter for programs that no class file has room for. */
    JIT("jit");

    private final String word;

    Engine(String word) {
        this.word = word;
    }

    /** The word on the command line. */
    public String word() {
        return word;
    }

    /** The engine of a word. */
    public static Optional<Engine> byWord(String word) {
        return Arrays.stream(values()).filter(e -> e.word.equals(word)).findFirst();
    }

    /** The words of all engines. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Engine::word).toList();
    }
}
