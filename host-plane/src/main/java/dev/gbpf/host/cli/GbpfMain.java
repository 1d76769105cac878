package dev.gbpf.host.cli;

/** Where the process starts. */
public final class GbpfMain {
    private GbpfMain() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Console console = Console.ofProcess();
        int code = new CommandRunner(console).run(arguments);
        console.err().flush();
        System.exit(code);
    }
}
