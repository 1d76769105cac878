package dev.gbpf.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.examples.Walkthrough.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command of the README works as written. */
class ReadmeIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void everyCommand_worksAsWritten() throws IOException, InterruptedException {
        List<Step> steps = Walkthrough.of(Files.readString(Path.of(System.getProperty("gbpf.root"), "README.md")));
        Shell shell = new Shell(folder);
        int commands = 0;
        for (Step step : steps) {
            switch (step) {
                case Step.File file -> Files.writeString(folder.resolve(file.name()), file.text());
                case Step.Commands block -> {
                    Shell.Result result = shell.run(block.script());
                    assertThat(result.exitCode())
                            .as("exit code of%n%s%nwhich printed%n%s", block.script(), result.output())
                            .isEqualTo(block.exitCode());
                    assertThat(result.output()).doesNotContain("\tat ");
                    commands++;
                }
            }
        }
        assertThat(commands).as("blocks of commands").isGreaterThan(5);
    }
}
