package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of docs/verifier.md: blocks of {@code gbpf}, {@code gasm} or {@code c} with a file name are files, a block of {@code
 * sh} is a command, and the block behind it is exactly what that prints. {@code -Dgbpf.docs.write=true} writes it.
 */
class VerifierPageTest {
    private static final Path PAGE = Path.of(System.getProperty("gbpf.root", ".."), "docs/verifier.md");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```([^\\n`]*)\\n(.*?)^```$");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void examples_printWhatThePageShows() throws IOException {
        String page = Files.readString(PAGE);
        StringBuilder current = new StringBuilder();
        Matcher block = FENCE.matcher(page);
        String printed = null;
        int examples = 0;
        int end = 0;
        while (block.find()) {
            String[] info = block.group(1).strip().split(" ", -1);
            String text = block.group(2);
            if (printed != null) {
                text = printed;
                printed = null;
            } else if (info[0].equals("sh")) {
                printed = run(text.strip());
                examples++;
            } else if (info.length == 2) {
                Files.writeString(directory.resolve(info[1]), text);
            }
            current.append(page, end, block.start(2)).append(text);
            end = block.end(2);
        }
        current.append(page.substring(end));
        if (Boolean.getBoolean("gbpf.docs.write")) {
            Files.writeString(PAGE, current);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(current.toString());
        assertThat(examples).isPositive();
    }

    private String run(String command) {
        String[] words = command.split(" +", -1);
        assertThat(words[0]).isEqualTo("gbpf");
        Result result = new Cli(directory).run(Arrays.copyOfRange(words, 1, words.length));
        return result.out() + result.err();
    }
}
