package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Suggestion;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.databind.node.ObjectNode;

/** Runs a command line and turns every way in which it can end into an exit code and at most one message. */
final class CommandRunner {
    private final Session session;

    CommandRunner(Console console) {
        this.session = new Session(console);
    }

    /** Runs it; never throws. */
    int run(String... arguments) {
        int code = end(() -> execute(arguments));
        int written = end(() -> {
            session.console().out().finish();
            return ExitCode.OK.number();
        });
        return written == ExitCode.OK.number() ? code : written;
    }

    private int execute(String... arguments) {
        CommandLine root = CommandTree.of(session, arguments);
        root.setOut(new PrintWriter(session.out(), false, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(session.err(), true, StandardCharsets.UTF_8));
        IExecutionStrategy last = new RunLast();
        root.setExecutionStrategy(parsed -> {
            root.setColorScheme(scheme(session.colorOut()));
            return last.execute(parsed);
        });
        root.setParameterExceptionHandler((exception, args) -> misused(exception));
        root.setExecutionExceptionHandler((exception, command, parsed) -> end(() -> {
            throw exception;
        }));
        int code = root.execute(arguments);
        root.getOut().flush();
        return code;
    }

    private static Help.ColorScheme scheme(boolean color) {
        return Help.defaultColorScheme(color ? Help.Ansi.ON : Help.Ansi.OFF);
    }

    /** Something that ends by a number or an exception. */
    @FunctionalInterface
    private interface Step {
        int run() throws Exception;
    }

    // Everything is caught: whatever goes wrong, the user sees one line and not a stack trace.
    @SuppressWarnings("CatchAndPrintStackTrace")
    private int end(Step step) {
        try {
            return step.run();
        } catch (CliException e) {
            return report(e, e.exitCode(), e.text(), e.help());
        } catch (DiagnosticException e) {
            return report(e);
        } catch (StackOverflowError e) {
            return internal(e, "stack overflow");
        } catch (OutOfMemoryError e) {
            return report(e, ExitCode.ENVIRONMENT, "out of memory", "give it more: GBPF_JAVA_OPTS=-Xmx4g gbpf ...");
        } catch (Exception | LinkageError | AssertionError e) {
            return internal(e, e.toString());
        }
    }

    private int report(DiagnosticException e) {
        if (session.json()) {
            session.printJson(DiagnosticJson.error(e));
        } else {
            session.printDiagnostics(e.diagnostics(), e.source());
        }
        return e.exitCode().number();
    }

    private int internal(Throwable error, String what) {
        String line = what.lines().findFirst().orElse(what);
        return report(
                error,
                ExitCode.INTERNAL,
                "internal error: " + line + (session.stacktrace() ? "" : " (run again with --stacktrace)"),
                "");
    }

    private int report(Throwable cause, ExitCode code, String message, String help) {
        if (code == ExitCode.BROKEN_PIPE) {
            return code.number();
        }
        if (session.stacktrace()) {
            cause.printStackTrace(session.err());
        }
        if (session.json() && code != ExitCode.OUTPUT) {
            ObjectNode document = Session.object();
            ObjectNode error = document.putObject("error");
            error.put("exitCode", code.number());
            error.put("message", message);
            if (!help.isEmpty()) {
                error.put("help", help);
            }
            session.printJson(document);
            return code.number();
        }
        boolean whole = message.startsWith("internal error: ");
        session.err().println((whole ? "gbpf: " : "gbpf: error: ") + message);
        if (!help.isEmpty()) {
            session.err().println("  help: " + help);
        }
        return code.number();
    }

    private int misused(ParameterException exception) {
        CommandLine command = exception.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = String.valueOf(exception.getMessage());
        List<String> help = new ArrayList<>();
        if (exception instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            if (unmatched.isUnknownOption()) {
                message = name + " has no option " + word;
                Suggestion.closest(
                                word.replaceFirst("=.*", ""),
                                command.getCommandSpec().optionsMap().keySet())
                        .ifPresent(o -> help.add("did you mean " + o + "?"));
            } else if (command.getSubcommands().isEmpty()) {
                message = name + " takes no further argument: " + word;
            } else {
                message = name + " has no command " + word;
                Suggestion.closest(word, command.getSubcommands().keySet())
                        .ifPresent(c -> help.add("did you mean " + c + "?"));
            }
        } else if (!(command.getCommand() instanceof Verb)
                && !command.getParseResult().hasSubcommand()
                && exception.getArgSpec() == null) {
            message = name + " needs a command";
            help.add("one of " + String.join(", ", command.getSubcommands().keySet()) + ";");
        }
        if (exception instanceof MissingParameterException
                && command.getCommand() instanceof RunCommand run
                && run.options.json != null) {
            help.add("--json takes a file here, - for standard output;");
        }
        help.add("see " + name + " --help");
        return report(exception, ExitCode.USAGE, message, String.join(" ", help));
    }
}
