package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One call of the command line: its console, and the options that all commands share. */
final class Session {
    private final Console console;
    private ColorMode color = ColorMode.AUTO;
    private boolean json;
    private boolean pretty;
    private boolean stacktrace;

    Session(Console console) {
        this.console = console;
    }

    Console console() {
        return console;
    }

    /** Where results go. */
    PrintStream out() {
        return console.out().stream();
    }

    /** Where messages go. */
    PrintStream err() {
        return console.err();
    }

    boolean colorOut() {
        return color.colours(console, console.outTerminal());
    }

    boolean colorErr() {
        return color.colours(console, console.errTerminal());
    }

    void color(ColorMode mode) {
        color = mode;
    }

    /** Whether results and errors are JSON on standard output. */
    boolean json() {
        return json;
    }

    void useJson() {
        json = true;
    }

    void usePretty() {
        pretty = true;
        json = true;
    }

    boolean stacktrace() {
        return stacktrace;
    }

    void useStacktrace() {
        stacktrace = true;
    }

    /** An object to fill. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** An array to fill. */
    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Writes messages to standard error. */
    void printDiagnostics(List<Diagnostic> diagnostics, @Nullable SourceFile source) {
        err().append(new DiagnosticRenderer(source, colorErr()).render(diagnostics));
    }

    // A class of its own, because a mapper takes longer to make than a short command to run.
    private static final class Json {
        private static final JsonMapper MAPPER = JsonMapper.builder().build();
    }

    /** A document's text, without a line end. */
    String jsonText(JsonNode document) {
        return pretty
                ? Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document)
                : Json.MAPPER.writeValueAsString(document);
    }

    /** Writes a document to standard output. */
    void printJson(JsonNode document) {
        out().append(jsonText(document)).append('\n');
    }
}
