package dev.gbpf.host.cli;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** All commands, put together. */
final class CommandTree {
    private static final int WIDTH = 88;
    private static final String EXEC = "exec";

    private CommandTree() {}

    // In the order of the help. Reflection over a command's annotations is most of what a short command costs, so a
    // command is
    // made only where it is asked for.
    private static Map<String, Function<Session, Object>> commands() {
        Map<String, Function<Session, Object>> commands = new LinkedHashMap<>();
        commands.put("compile", CompileCommand::new);
        commands.put("verify", VerifyCommand::new);
        commands.put("test", TestCommand::new);
        commands.put("fmt", FmtCommand::new);
        commands.put("asm", AsmCommand::new);
        commands.put("lsp", LspCommand::new);
        commands.put("disasm", DisasmCommand::new);
        commands.put("header", HeaderCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("demo", DemoCommand::new);
        commands.put("daemon", DaemonCommand::new);
        // What follows the program's name is the program's.
        commands.put(EXEC, session -> new CommandLine(new ExecCommand(session)).setStopAtPositional(true));
        commands.put("top", TopCommand::new);
        commands.put("record", RecordCommand::new);
        commands.put("replay", ReplayCommand::new);
        commands.put(
                "trace",
                session -> new CommandLine(new TraceCommand())
                        .addSubcommand(new TraceDecisionsCommand(session))
                        .addSubcommand(new TraceLinesCommand(session)));
        commands.put(
                "policy",
                session -> new CommandLine(new PolicyCommand())
                        .addSubcommand(new PolicyListCommand(session))
                        .addSubcommand(new PolicyShowCommand(session))
                        .addSubcommand(new PolicyLoadCommand(session))
                        .addSubcommand(new PolicySwapCommand(session))
                        .addSubcommand(new PolicyPromoteCommand(session))
                        .addSubcommand(new PolicyDropCommand(session))
                        .addSubcommand(new PolicyRollbackCommand(session))
                        .addSubcommand(new PolicyUnloadCommand(session))
                        .addSubcommand(new PolicyHistoryCommand(session))
                        .addSubcommand(new PolicyQuarantineCommand(session))
                        .addSubcommand(new PolicyReleaseCommand(session))
                        .addSubcommand(new PolicyDumpCommand(session)));
        commands.put(
                "map",
                session -> new CommandLine(new MapCommand())
                        .addSubcommand(new MapListCommand(session))
                        .addSubcommand(new MapShowCommand(session))
                        .addSubcommand(new MapDumpCommand(session))
                        .addSubcommand(new MapLookupCommand(session))
                        .addSubcommand(new MapUpdateCommand(session))
                        .addSubcommand(new MapDeleteCommand(session))
                        .addSubcommand(new MapPushCommand(session))
                        .addSubcommand(new MapPopCommand(session))
                        .addSubcommand(new MapWatchCommand(session)));
        commands.put(
                "hook",
                session -> new CommandLine(new HookCommand())
                        .addSubcommand(new HookListCommand(session))
                        .addSubcommand(new HookShowCommand(session)));
        commands.put(
                "tenant",
                session -> new CommandLine(new TenantCommand())
                        .addSubcommand(new TenantListCommand(session))
                        .addSubcommand(new TenantSetCommand(session)));
        commands.put(
                "device",
                session -> new CommandLine(new DeviceCommand())
                        .addSubcommand(new DeviceListCommand(session))
                        .addSubcommand(new DeviceQueryCommand(session)));
        commands.put(
                "bench", session -> new CommandLine(new BenchCommand()).addSubcommand(new BenchDeviceCommand(session)));
        commands.put("doctor", DoctorCommand::new);
        commands.put(
                "feature",
                session -> new CommandLine(new FeatureCommand()).addSubcommand(new FeatureProbeCommand(session)));
        commands.put(
                "key",
                session -> new CommandLine(new KeyCommand())
                        .addSubcommand(new KeyGenerateCommand(session))
                        .addSubcommand(new KeyShowCommand(session)));
        commands.put("sign", SignCommand::new);
        commands.put(
                "bytecode",
                session -> new CommandLine(new BytecodeCommand())
                        .addSubcommand(new BytecodeVerifyCommand(session))
                        .addSubcommand(new BytecodeRunCommand(session))
                        .addSubcommand(new BytecodePluginCommand(session)));
        commands.put("completion", CompletionCommand::new);
        return commands;
    }

    /** The parser with every command, for one call. */
    static CommandLine of(Session session) {
        return of(session, commands().values());
    }

    /** The parser for these arguments: it has one command where the first of them names it, and every command otherwise. */
    static CommandLine of(Session session, String... arguments) {
        Function<Session, Object> named =
                arguments.length == 0 ? null : commands().get(arguments[0]);
        // Completion is about all of them.
        CommandLine root =
                named == null || arguments[0].equals("completion") ? of(session) : of(session, List.of(named));
        return root.setExpandAtFiles(named == null || !arguments[0].equals(EXEC));
    }

    private static CommandLine of(Session session, Collection<Function<Session, Object>> commands) {
        CommandLine root = new CommandLine(new GbpfCommand(session));
        commands.forEach(command -> root.addSubcommand(command.apply(session)));
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
