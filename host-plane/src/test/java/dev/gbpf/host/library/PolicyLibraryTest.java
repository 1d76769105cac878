package dev.gbpf.host.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyLibraryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path classPath;

    @Test
    void policies_areReadInOrderOfName() throws IOException {
        put("index", "slow\nquick\n");
        put(
                "quick.gbpf",
                "// quick: of all jobs that wait\n// the shortest first. More.\n//\n// Good: x.\npolicy quick;\n");
        put("slow.gbpf", "policy slow;\n");
        PolicyLibrary library = read();
        assertThat(library.names()).containsExactly("quick", "slow");
        assertThat(library.policy("quick")).hasValueSatisfying(p -> {
            assertThat(p.description()).isEqualTo("of all jobs that wait the shortest first.");
            assertThat(p.comment()).isEqualTo("quick: of all jobs that wait\nthe shortest first. More.\n\nGood: x.");
            assertThat(p.source().name()).isEqualTo("quick.gbpf");
        });
        assertThat(library.policies().getLast().description()).isEmpty();
        assertThat(library.policy("nope")).isEmpty();
    }

    @Test
    void noIndex_isAnEmptyLibrary() throws IOException {
        assertThat(read().policies()).isEmpty();
    }

    @Test
    void indexWithoutPolicy_isAnError() throws IOException {
        put("index", "gone\n");
        assertThatThrownBy(this::read).isInstanceOf(IllegalStateException.class).hasMessageContaining("gone");
    }

    private void put(String name, String text) throws IOException {
        Path file = classPath.resolve(PolicyLibrary.FOLDER + name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private PolicyLibrary read() throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {url()}, null)) {
            return PolicyLibrary.read(loader);
        }
    }

    private URL url() throws MalformedURLException {
        return classPath.toUri().toURL();
    }
}
