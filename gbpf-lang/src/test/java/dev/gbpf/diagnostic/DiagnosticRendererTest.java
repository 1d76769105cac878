package dev.gbpf.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiagnosticRendererTest {
    @Test
    void render_fullDiagnostic_showsEveryPart() {
        SourceFile source = new SourceFile("p.gbpf", "one\nlet x = why;\nthree");
        Diagnostic diagnostic = new Diagnostic(
                "E0101",
                Severity.ERROR,
                "cannot find `why`",
                "p.gbpf",
                new SourceSpan(2, 9, 3),
                "not in sight",
                List.of("a first fact", "a second fact,\nwith a second line"),
                "do this");
        assertThat(plain(source, diagnostic)).isEqualTo("""
                error[E0101]: cannot find `why`
                 --> p.gbpf:2:9
                  |
                2 | let x = why;
                  |         ^^^ not in sight
                  |
                  = note: a first fact
                  = note: a second fact,
                          with a second line
                  = help: do this
                """);
    }

    @Test
    void render_lineOfSeveralDigits_widensTheGutter() {
        SourceFile source = new SourceFile("p", "\n".repeat(122) + "abc");
        assertThat(plain(source, at(123, 2, 1))).isEqualTo("""
                warning[E0900]: message
                   --> p:123:2
                    |
                123 | abc
                    |  ^ label
                """);
    }

    @Test
    void render_tabs_keepsTheCaretUnderItsText() {
        SourceFile source = new SourceFile("p", "\ta\tbc = d;");
        assertThat(excerpt(source, at(1, 4, 2))).containsExactly("1 |     a   bc = d;", "  |         ^^ label");
    }

    @Test
    void render_wideAndCombiningText_countsCells() {
        SourceFile source = new SourceFile("p", "日本 e\u0301 \ud83d\ude00 here");
        int column = source.text().indexOf("here") + 1;
        assertThat(excerpt(source, at(1, column, 4)))
                .containsExactly("1 | 日本 e\u0301 \ud83d\ude00 here", "  |           ^^^^ label");
        assertThat(excerpt(source, at(1, 1, 2))).containsExactly("1 | 日本 e\u0301 \ud83d\ude00 here", "  | ^^^^ label");
    }

    @Test
    void render_hostileCharacters_areReplaced() {
        SourceFile source = new SourceFile("p\u001b[2J", "a\u001b[31m\u202eb\u0000\u200d c");
        Diagnostic diagnostic = new Diagnostic(
                "E1",
                Severity.NOTE,
                "m\u001b",
                source.name(),
                new SourceSpan(1, 11, 1),
                "l\n",
                List.of("n\r"),
                "h\u0007");
        assertThat(plain(source, diagnostic)).isEqualTo("""
                note[E1]: m\uFFFD
                 --> p\uFFFD[2J:1:11
                  |
                1 | a\uFFFD[31m\uFFFDb\uFFFD\uFFFD c
                  |           ^ l\uFFFD
                  |
                  = note: n
                  = help: h\uFFFD
                """);
    }

    @Test
    void render_longLine_showsTheNeighbourhood() {
        SourceFile source = new SourceFile("p", "x".repeat(1000) + "HERE" + "y".repeat(1000));
        assertThat(excerpt(source, at(1, 1001, 4)))
                .containsExactly(
                        "1 | ..." + "x".repeat(40) + "HERE" + "y".repeat(96) + "...",
                        "  | " + " ".repeat(43) + "^^^^ label");
        assertThat(excerpt(source, at(1, 1, 2000)))
                .containsExactly("1 | " + "x".repeat(140) + "...", "  | " + "^".repeat(140) + " label");
    }

    @Test
    void render_spanPastTheLine_pointsBehindIt() {
        SourceFile source = new SourceFile("p", "ab");
        assertThat(excerpt(source, at(1, 3, 1))).containsExactly("1 | ab", "  |   ^ label");
        assertThat(excerpt(source, at(1, 90, 9))).containsExactly("1 | ab", "  |   ^ label");
        assertThat(excerpt(source, at(7, 1, 1))).containsExactly("7 |", "  | ^ label");
    }

    @Test
    void render_withoutSource_leavesTheExcerptOut() {
        assertThat(new DiagnosticRenderer(null, false).render(at(3, 4, 1))).isEqualTo("""
                warning[E0900]: message
                 --> p:3:4
                """);
        Diagnostic nowhere = new Diagnostic("E1", Severity.ERROR, "message", "p", null, "", List.of("fact"), null);
        assertThat(new DiagnosticRenderer(null, false).render(nowhere)).isEqualTo("""
                error[E1]: message
                 --> p
                  = note: fact
                """);
    }

    @Test
    void render_several_endsWithACount() {
        SourceFile source = new SourceFile("p", "ab");
        Diagnostic error = new Diagnostic("E1", Severity.ERROR, "bad", null, null, "", List.of(), null);
        DiagnosticRenderer renderer = new DiagnosticRenderer(source, false);
        assertThat(renderer.render(List.of())).isEmpty();
        assertThat(renderer.render(List.of(error))).endsWith("\n1 error\n");
        assertThat(renderer.render(List.of(error, error, at(1, 1, 1)))).endsWith("\n2 errors, 1 warning\n");
        assertThat(renderer.render(List.of(at(1, 1, 1)))).endsWith("\n1 warning\n");
    }

    @Test
    void render_coloured_isThePlainTextWithColours() {
        SourceFile source = new SourceFile("p", "abc");
        String coloured = new DiagnosticRenderer(source, true).render(at(1, 2, 1));
        assertThat(coloured).contains("\u001b[1;33mwarning[E0900]\u001b[0m");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain(source, at(1, 2, 1)));
    }

    @Property(tries = 200)
    void render_anyTextAndSpan_neverPrintsControls(
            @ForAll String text,
            @ForAll @IntRange(min = 1, max = 5) int line,
            @ForAll @IntRange(min = 1, max = 300) int column,
            @ForAll @IntRange(min = 1, max = 300) int length) {
        SourceFile source = new SourceFile("p", text);
        String rendered = plain(source, at(line, column, length));
        assertThat(rendered.lines()).hasSize(5);
        assertThat(rendered.codePoints().filter(c -> c != '\n').noneMatch(Character::isISOControl))
                .isTrue();
    }

    private static Diagnostic at(int line, int column, int length) {
        @Nullable String help = null;
        return new Diagnostic(
                "E0900",
                Severity.WARNING,
                "message",
                "p",
                new SourceSpan(line, column, length),
                "label",
                List.of(),
                help);
    }

    private static String plain(SourceFile source, Diagnostic diagnostic) {
        return new DiagnosticRenderer(source, false).render(diagnostic);
    }

    private static List<String> excerpt(SourceFile source, Diagnostic diagnostic) {
        return plain(source, diagnostic).lines().skip(3).toList();
    }
}
