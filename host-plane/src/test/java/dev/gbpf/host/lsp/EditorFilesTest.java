package dev.gbpf.host.lsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.lang.syntax.SourceTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files under editors/ keep up with the language. */
class EditorFilesTest {
    private static final Path EDITORS = Path.of(System.getProperty("gbpf.root", ".."), "editors");
    private static final Path GRAMMAR = EDITORS.resolve(Path.of("vscode", "syntaxes", "gbpf.tmLanguage.json"));
    private static final Pattern WORDS = Pattern.compile("\\\\b\\(([a-z0-9|]+)\\)\\\\b");

    private static JsonNode read(Path file) throws IOException {
        return JsonMapper.builder().build().readTree(Files.readString(file));
    }

    @Test
    void grammar_knowsEveryKeyword() throws IOException {
        List<String> coloured = new ArrayList<>();
        for (JsonNode pattern :
                read(GRAMMAR).path("repository").path("keywords").path("patterns")) {
            Matcher words = WORDS.matcher(pattern.path("match").asString());
            assertThat(words.matches()).as("%s", pattern).isTrue();
            coloured.addAll(List.of(words.group(1).split("\\|")));
        }
        assertThat(coloured)
                .as("the words of the patterns of \"keywords\" in %s", GRAMMAR)
                .containsAll(SourceTokens.keywords());
    }

    @Test
    void grammar_hasOnlyPatternsThatCompile() throws IOException {
        List<String> patterns = new ArrayList<>();
        for (JsonNode group : read(GRAMMAR).path("repository")) {
            for (JsonNode pattern : group.path("patterns")) {
                Stream.of("match", "begin", "end")
                        .filter(pattern::has)
                        .map(key -> pattern.path(key).asString())
                        .forEach(patterns::add);
            }
        }
        assertThat(patterns)
                .hasSizeGreaterThan(15)
                .allSatisfy(p -> assertThat(Pattern.compile(p)).isNotNull());
    }

    @Test
    void extension_namesFilesThatExist() throws IOException {
        JsonNode manifest = read(EDITORS.resolve(Path.of("vscode", "package.json")));
        JsonNode contributed = manifest.path("contributes");
        assertThat(List.of(
                        manifest.path("main").asString(),
                        contributed
                                .path("languages")
                                .path(0)
                                .path("configuration")
                                .asString(),
                        contributed.path("grammars").path(0).path("path").asString()))
                .allSatisfy(name ->
                        assertThat(EDITORS.resolve("vscode").resolve(name)).isRegularFile());
        read(EDITORS.resolve(Path.of("vscode", "language-configuration.json")));
    }
}
