package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of docs/ that is made from the code. */
final class GeneratedPage {
    private static final String WRITE = "gbpf.docs.write";

    private GeneratedPage() {}

    /** Compares the page with what it should be; with {@code -Dgbpf.docs.write=true}, writes it. */
    static void check(String name, String expected) throws IOException {
        Path page = Path.of(System.getProperty("gbpf.root", ".."), "docs", name);
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, expected);
        }
        assertThat(page)
                .as("docs/%s is made from the code; to write it anew: mvn verify -D%s=true", name, WRITE)
                .hasContent(expected);
    }
}
