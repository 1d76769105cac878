package dev.gbpf.host.lsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.lsp.TextMateGrammar.Stretch;
import dev.gbpf.lang.module.StandardModules;
import dev.gbpf.lang.syntax.SourceToken;
import dev.gbpf.lang.syntax.SourceTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/** The colours of the editors are those of the compiler's own tokens. */
class TextMateGrammarTest {
    private static final Path ROOT = Path.of(System.getProperty("gbpf.root", ".."));
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```gbpf[^\\n]*\\n(.*?)```");
    /** Names elsewhere than where a test or a step begins, which a grammar of regular expressions cannot tell. */
    private static final Set<String> SOMETIMES = Set.of("test", "given", "expect", "at");

    private static final Set<String> TYPES = Set.of("u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "bool");

    private final TextMateGrammar grammar;

    TextMateGrammarTest() throws IOException {
        Path file = ROOT.resolve(Path.of("editors", "vscode", "syntaxes", "gbpf.tmLanguage.json"));
        grammar = new TextMateGrammar(JsonMapper.builder().build().readTree(Files.readString(file)));
    }

    @TestFactory
    Stream<DynamicTest> tokens_areColouredAsWhatTheyAre() throws IOException {
        List<SourceFile> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("policies"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".gbpf")).toList()) {
                sources.add(new SourceFile(String.valueOf(file.getFileName()), Files.readString(file)));
            }
        }
        assertThat(sources).isNotEmpty();
        StandardModules.names()
                .forEach(name -> sources.add(StandardModules.find(name).orElseThrow()));
        for (String page : List.of("language.md", "errors.md")) {
            Matcher example =
                    EXAMPLE.matcher(Files.readString(ROOT.resolve("docs").resolve(page)));
            StringBuilder all = new StringBuilder();
            while (example.find()) {
                all.append(example.group(1));
            }
            sources.add(new SourceFile(page, all.toString()));
        }
        return sources.stream().map(s -> DynamicTest.dynamicTest(s.name(), () -> check(s)));
    }

    @Test
    void words_ofEveryKind_areColoured() {
        check(new SourceFile(
                "all",
                String.join("; ", SourceTokens.keywords()) + "; 0..n 1..=0x_f 0b1 5ms 1KiB a.b /* x\n \"y */ // z\n"));
    }

    /** What a token must be coloured as; empty for what may be anything but a word of the language. */
    private static String expected(SourceToken token, SourceToken next) {
        return switch (token.kind()) {
            case LINE_COMMENT -> "comment.line";
            case BLOCK_COMMENT -> "comment.block";
            case TITLE -> "string";
            case NUMBER -> "constant.numeric";
            case KEYWORD -> token.is("true") || token.is("false") ? "constant.language" : "keyword";
            case NAME -> {
                boolean kind = next.is("<") && MapKind.byKeyword(token.text()).isPresent();
                yield kind || TYPES.contains(token.text()) ? "storage.type" : "";
            }
            case SYMBOL, UNKNOWN, END -> "";
        };
    }

    private void check(SourceFile source) {
        String text = source.text();
        @Nullable Stretch[] stretches = grammar.stretches(text);
        List<SourceToken> tokens = SourceTokens.of(source);
        for (int at = 0; at + 1 < tokens.size(); at++) {
            SourceToken token = tokens.get(at);
            Stretch first = stretches[token.start()];
            String scope = first == null ? "" : first.scope();
            String where = source.name() + ":" + source.lineOf(token.start()) + " `" + token.text() + "` is " + scope;
            String expected = expected(token, tokens.get(at + 1));
            if (!expected.isEmpty()) {
                assertThat(scope).as(where).startsWith(expected);
                for (int i = token.start(); i < token.end(); i++) {
                    assertThat(text.charAt(i) == '\n' || stretches[i] == first)
                            .as(where)
                            .isTrue();
                }
                boolean goesOn = token.end() < text.length() && stretches[token.end()] == first;
                assertThat(goesOn).as(where + ", and so is what follows").isFalse();
            } else if (token.kind() == SourceToken.Kind.NAME && !SOMETIMES.contains(token.text())) {
                assertThat(scope)
                        .as(where)
                        .doesNotStartWith("keyword")
                        .doesNotStartWith("constant.language")
                        .doesNotStartWith("constant.numeric")
                        .doesNotStartWith("comment")
                        .doesNotStartWith("string");
            }
        }
    }
}
