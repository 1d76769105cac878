package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandTreeTest {
    private static CommandLine tree(String... arguments) {
        Console console =
                new Cli(Path.of("")).console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        return CommandTree.of(new Session(console), arguments);
    }

    private static String usage(CommandLine tree, String command) {
        return Objects.requireNonNull(tree.getSubcommands().get(command)).getUsageMessage();
    }

    @Test
    void tree_forACommand_hasItAloneAndSaysTheSame() {
        CommandLine all = Cli.tree();
        for (String name : all.getSubcommands().keySet()) {
            if (name.equals("completion")) {
                continue;
            }
            CommandLine one = tree(name, "--help");
            assertThat(one.getSubcommands()).containsOnlyKeys(name);
            assertThat(usage(one, name)).isEqualTo(usage(all, name));
        }
    }

    @Test
    void tree_forCompletion_forNothingAndForAnUnknownWord_hasEveryCommand() {
        Set<String> all = Cli.tree().getSubcommands().keySet();
        assertThat(tree("completion").getSubcommands()).containsOnlyKeys(all);
        assertThat(tree().getSubcommands()).containsOnlyKeys(all);
        assertThat(tree("--help").getSubcommands()).containsOnlyKeys(all);
        assertThat(tree("verfiy", "verify").getSubcommands()).containsOnlyKeys(all);
    }
}
