package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class CliReferenceTest {
    @Test
    void page_isCurrent() throws IOException {
        StringBuilder page = new StringBuilder("""
                <!-- Generated from the commands; do not edit. -->
                # The command line

                What `gbpf COMMAND --help` prints, for every command. Exit codes: [exit-codes.md](exit-codes.md).
                """);
        for (CommandLine command : all(Cli.tree())) {
            page.append("\n## ")
                    .append(command.getCommandSpec().qualifiedName())
                    .append("\n\n```\n");
            page.append(usage(command)).append("```\n");
        }
        GeneratedPage.check("cli.md", page.toString());
    }

    @TestFactory
    List<DynamicTest> help_hasDescriptionExampleAndExitCodes() {
        return all(Cli.tree()).stream()
                .filter(c -> c.getCommand() instanceof Verb)
                .map(c -> DynamicTest.dynamicTest(c.getCommandSpec().qualifiedName(), () -> {
                    assertThat(c.getCommandSpec().usageMessage().description()).isNotEmpty();
                    assertThat(usage(c))
                            .containsPattern(
                                    "Examples?:\n.*" + c.getCommandSpec().qualifiedName())
                            .containsPattern("Exit codes:\\R +0 +Done\\.")
                            .containsPattern("\\R +2 +The command line is wrong");
                }))
                .toList();
    }

    private static String usage(CommandLine command) {
        return command.getUsageMessage(Ansi.OFF)
                .lines()
                .map(String::stripTrailing)
                .reduce("", (a, b) -> a + b + "\n");
    }

    private static List<CommandLine> all(CommandLine command) {
        List<CommandLine> list = new ArrayList<>(List.of(command));
        command.getSubcommands().values().forEach(c -> list.addAll(all(c)));
        return list;
    }
}
