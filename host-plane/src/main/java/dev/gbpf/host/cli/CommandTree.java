package dev.gbpf.host.cli;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** All commands, put together. */
final class CommandTree {
    private static final int WIDTH = 88;

    private CommandTree() {}

    /** The parser with every command, for one call. */
    static CommandLine of(Session session) {
        CommandLine root = new CommandLine(new GbpfCommand(session));
        root.addSubcommand(new CompileCommand(session));
        root.addSubcommand(new VerifyCommand(session));
        root.addSubcommand(new TestCommand(session));
        root.addSubcommand(new FmtCommand(session));
        root.addSubcommand(new AsmCommand(session));
        root.addSubcommand(new LspCommand(session));
        root.addSubcommand(new DisasmCommand(session));
        root.addSubcommand(new HeaderCommand(session));
        root.addSubcommand(new ExplainCommand(session));
        root.addSubcommand(new RunCommand(session));
        root.addSubcommand(new DemoCommand(session));
        root.addSubcommand(new CommandLine(new PolicyCommand())
                .addSubcommand(new PolicyListCommand(session))
                .addSubcommand(new PolicyShowCommand(session)));
        root.addSubcommand(new CommandLine(new BytecodeCommand())
                .addSubcommand(new BytecodeVerifyCommand(session))
                .addSubcommand(new BytecodeRunCommand(session))
                .addSubcommand(new BytecodePluginCommand(session)));
        root.addSubcommand(new CompletionCommand(session));
        describe(root);
        return root;
    }

    private static void describe(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.width(WIDTH);
        usage.abbreviateSynopsis(true);
        usage.optionListHeading("%nOptions:%n");
        usage.sortOptions(false);
        if (command.getCommand() instanceof Verb verb) {
            usage.exitCodeListHeading("%nExit codes:%n");
            usage.exitCodeList(exitCodes(verb.exitCodes()));
        }
        command.getSubcommands().values().forEach(CommandTree::describe);
    }

    private static Map<String, String> exitCodes(Set<ExitCode> own) {
        Set<ExitCode> codes = EnumSet.of(ExitCode.OK, ExitCode.INTERNAL, ExitCode.USAGE);
        codes.addAll(own);
        Map<String, String> list = new LinkedHashMap<>();
        codes.forEach(code -> list.put(Integer.toString(code.number()), code.meaning()));
        return list;
    }
}
