package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.bytecode.RawEngine;
import dev.gbpf.host.engine.Engine;
import java.util.Arrays;
import java.util.List;

/** The option that names an engine. */
final class EngineOption {
    private EngineOption() {}

    /**
     * The engine that runs policies, by its word.
     *
     * @throws CliException when there is no such engine
     */
    static Engine policyEngine(String word) {
        return Engine.byWord(word).orElseThrow(() -> unknown(word, Engine.words()));
    }

    /**
     * The engine that runs raw programs, by its word.
     *
     * @throws CliException when there is no such engine, or this build does not have it
     */
    static RawEngine engine(String word) {
        List<String> words =
                Arrays.stream(RawEngine.values()).map(RawEngine::word).toList();
        RawEngine engine = Arrays.stream(RawEngine.values())
                .filter(e -> e.word().equals(word))
                .findFirst()
                .orElseThrow(() -> unknown(word, words));
        if (!engine.isAvailable()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "this build does not have the engine " + word,
                    "use --engine " + RawEngine.INTERPRETER.word());
        }
        return engine;
    }

    private static CliException unknown(String word, List<String> words) {
        return new CliException(
                ExitCode.USAGE,
                "there is no engine " + word,
                Suggestion.closest(word, words)
                        .map(w -> "did you mean " + w + "?")
                        .orElse("there are " + String.join(", ", words)));
    }
}
