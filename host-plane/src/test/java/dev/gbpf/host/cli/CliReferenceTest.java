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

                ## JSON

                With `--json` a command writes one document to standard output. Its shape is an interface: fields are added, and keep their
                meaning.

                | what | fields |
                |---|---|
                | a diagnostic | `code`, `severity` (`error`, `warning`, `note`), `message`; where known `file`, `line` and `column` (from 1, in UTF-16 units), `length`; where there is one `label`, what is to be said of the place; `notes`, a list; `help`, what to do, lines parted by line feeds |
                | an error | `error`: `exitCode`, `message`, and `help` where there is a way out; `diagnostics` when it is about a policy |
                | `compile` | `result` (`compiled`), `policy`, `tag`, `object`, `programs`, `maps`, `instructions`, `diagnostics` (warnings) |
                | `verify` | `result` (`accepted`), `policy`, `tag`, `abi`, `programs` (`hook`, `plane`, `instructions`, `worstCaseInstructions`, `budget`, `worstCaseHelperCalls`, `loops`), `effort` of the verifier (`steps`, `memoryBytes`), `diagnostics` (warnings); of a rejected policy `error`, `diagnostics` and `explanations`; of either, with `--trace` also `trace`, with `--explain` also `source` |
                | of `verify`, an explanation | `code`, `hook`, `pc` and where known `line` (and `file` of an import), `toProve`, `known`, `needed`; `path`, the branches that lead there: `pc`, `line`, `taken`, `because`; `value`, the register or stack bytes at fault; `history`, what made that value: `pc`, `line`, `kind` (`origin`, `computed`, `narrowed`, `widened`, `joined`, `missing`), `text`; where there is a standard one `fix`: `text`, and `edits`: `line`, `column` (from 1), `length` and `text` that takes its place |
                | of `verify`, `source` | per program `hook`, `lines`: `line` (and `file` of an import), or `pc` where the source is not known; `cost`, instructions at most in one run; `loops`, for each loop that is tested here how often it is run through at most; `facts`, what the line defines or narrows |
                | of `verify`, `trace` | per program `hook`, `instructions`: `pc`, `text`, `line`, `states`, each an object of places and what is known of them; none where no execution gets |
                | `test` | `result` (`passed`, `failed`, `untested`), `passed`, `failed`, `untested`, `files` (`file`, `policy`, `diagnostics`, `tests`: `title`, `line`, `result`, `expectationsMet`, `failures`) |
                | `record` | `beganNs` (`CLOCK_MONOTONIC`), `applications`, `events`, `lost`, `complete`, `bytes` |
                | `replay` | `policy`, `durationNs`, `lost`, `applications` (`tenant`, `command`, `requests`: `count`, `p50Ns`, `p99Ns`, `mostNs`; `arrivals`, likewise; `launchesPerSecond`, `waitsPerSecond`, `share`, `held`, `heldNs`; `recorded`: `requests`, `arrivals`, `launchesPerSecond`, `waitsPerSecond`) |
                | `fmt` | `result` (`formatted`, `checked`, `refused`), `files` (`file`, `result`: `unchanged`, `changed`, `refused`; `diagnostics` of one that was refused) |

                A policy that does not compile:

                ```json
                {"error": {"exitCode": 4, "message": "p.gbpf does not compile"}, "diagnostics": [{"code": "E0301", "severity": "error",
                "message": "`used[ctx.tenant]` may have no value", "file": "p.gbpf", "line": 5, "column": 29, "length": 16,
                "label": "the key may be absent", "notes": [], "help": "give a fallback: `used[ctx.tenant] else 0`\\nor ask first: ..."}]}
                ```

                ## Environment

                | variable | meaning |
                |---|---|
                | `GBPF_JAVA_HOME` | the JDK 25 to use, where the one that is found is not it |
                | `GBPF_JAVA_OPTS` | more options for the JVM, separated by spaces |
                | `GBPF_MAVEN` | the Maven command to build with; default `mvn` |
                | `GBPF_BUILD=never` | what is built is used as it is, though sources are newer |
                | `GBPF_NATIVE` | which device code a build makes: `cpu`, `none`, else what compilers are there for ([device.md](device.md#what-is-built-when)) |
                | `GBPF_CLANG` | the clang for policies in C; else `clang-19`, `clang-20`, `clang-18` or `clang`, the first that is there |
                | `GBPF_SOCKET`, `GBPF_STATE` | the daemon's socket and its records ([daemon.md](daemon.md#running-it)) |
                | `NO_COLOR` | no colours, unless `--color` asks for them |

                [interposer.md](interposer.md#environment) has those of applications under policy.
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
