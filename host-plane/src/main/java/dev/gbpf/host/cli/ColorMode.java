package dev.gbpf.host.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** When to colour what people read. */
enum ColorMode {
    AUTO,
    ALWAYS,
    NEVER;

    private static final List<String> WORDS = List.of("auto", "always", "never");

    /** Whether to colour a stream: by default only for a person, and not where NO_COLOR (no-color.org) or TERM forbid it. */
    boolean colours(Console console, boolean terminal) {
        return switch (this) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO ->
                terminal
                        && console.environment().getOrDefault("NO_COLOR", "").isEmpty()
                        && !console.environment().getOrDefault("TERM", "").equals("dumb");
        };
    }

    /** Reads the word of the command line. */
    static final class Converter implements ITypeConverter<ColorMode> {
        @Override
        public ColorMode convert(String word) {
            if (!WORDS.contains(word)) {
                throw new TypeConversionException("'" + word + "' is not one of auto, always, never");
            }
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** The words, for completion and help. */
    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return WORDS.iterator();
        }
    }
}
