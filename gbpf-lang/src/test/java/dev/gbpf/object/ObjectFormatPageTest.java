package dev.gbpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.MapKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The page about the format names the codes, sections and limits that the code has. */
class ObjectFormatPageTest {
    private final String page = read();

    @Test
    void page_listsEveryCodeWithItsTitle() {
        for (ObjectProblem problem : ObjectProblem.values()) {
            String title = problem.title().replace("unknown section", "unknown section that is not optional");
            assertThat(page).contains("| " + problem.code() + " | " + title);
        }
    }

    @Test
    void page_listsEverySection() {
        for (ObjectLayout.Section section : ObjectLayout.Section.values()) {
            assertThat(page).contains("| " + section.type() + " | " + section + " | " + section.flags() + " |");
            assertThat(page).contains("### " + section + "\n");
        }
    }

    @Test
    void page_givesTheLimitsAndLengths() {
        assertThat(page)
                .contains("## Header, " + ObjectLayout.HEADER_LENGTH + " bytes")
                .contains("## Section table, " + ObjectLayout.SECTION_ENTRY_LENGTH + " bytes per section")
                .contains("| " + ObjectLayout.CHECKSUM_OFFSET + " | 4 | checksum |")
                .contains("at most " + number(ObjectLayout.MAX_TOTAL_LENGTH))
                .contains("1 to " + ObjectLayout.MAX_SECTIONS)
                .contains("at most " + number(ObjectLayout.MAX_MAPS))
                .contains("at most " + number(ObjectLayout.MAX_PROGRAM_SLOTS))
                .contains("at most " + number(ObjectLayout.MAX_SOURCE_LENGTH))
                .contains("at most " + number(ObjectLayout.MAX_SOURCE_NAME_LENGTH))
                .contains("1 to " + number(MapDefinition.MAX_VALUE_SIZE))
                .contains("1 to " + number(MapDefinition.MAX_ENTRIES));
    }

    @Test
    void page_listsEveryKindOfMap() {
        for (MapKind kind : MapKind.values()) {
            assertThat(page).contains(kind.number() + " " + kind.keyword());
        }
    }

    private static String number(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String read() {
        try {
            return Files.readString(Path.of(System.getProperty("gbpf.root", ".."), "docs", "object-format.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
