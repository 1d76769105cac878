package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.bytecode.RawEngine;
import java.util.Arrays;
import java.util.List;

/** The option that names an engine. */
final class EngineOption {
    private EngineOption() {}

    /**
     * The engine of a word.
     *
     * @throws CliException when there is no such engine, or this build does not have it
     */
    static RawEngine engine(String word) {
        RawEngine engine = Arrays.stream(RawEngine.values())
                .filter(e -> e.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new CliException(
                        ExitCode.USAGE,
                        "there is no engine " + word,
                        Suggestion.closest(word, words())
                                .map(w -> "did you mean " + w + "?")
                                .orElse("there are " + String.join(", ", words()))));
        if (!engine.isAvailable()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "this build does not have the engine " + word,
                    "use --engine " + RawEngine.INTERPRETER.word());
        }
        return engine;
    }

    private static List<String> words() {
        return Arrays.stream(RawEngine.values()).map(RawEngine::word).toList();
    }
}
