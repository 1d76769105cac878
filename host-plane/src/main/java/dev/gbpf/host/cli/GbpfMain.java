package dev.gbpf.host.cli;

/** Where the process starts. */
public final class GbpfMain {
    private GbpfMain() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Console console = Console.ofProcess();
        // Standard output carries results, or a protocol: what a library might print goes elsewhere.
        System.setOut(console.err());
        int code = new CommandRunner(console).run(arguments);
        console.err().flush();
        System.exit(code);
    }
}
