package dev.gbpf.host.cli;

/** Ends a command with one message for the user, a remedy and an exit code. */
final class CliException extends RuntimeException {
    private final ExitCode exitCode;
    private final String help;

    /**
     * A message.
     *
     * @param exitCode how the process ends
     * @param message what is wrong and where, without a final full stop
     * @param help what to do about it, or empty
     */
    CliException(ExitCode exitCode, String message, String help) {
        super(message);
        this.exitCode = exitCode;
        this.help = help;
    }

    CliException(ExitCode exitCode, String message, String help, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.help = help;
    }

    /**
     * Checks the value of an option.
     *
     * @throws CliException when it is not in {@code least..most}
     */
    static void requireRange(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new CliException(ExitCode.USAGE, option + " " + value + " is not in " + least + ".." + most, "");
        }
    }

    ExitCode exitCode() {
        return exitCode;
    }

    String help() {
        return help;
    }

    String text() {
        return getMessage() == null ? "" : getMessage();
    }
}
