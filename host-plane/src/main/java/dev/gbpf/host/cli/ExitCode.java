package dev.gbpf.host.cli;

/** What the process tells its caller. The numbers are an interface: they never change their meaning. */
enum ExitCode {
    OK(0, "Done."),
    INTERNAL(1, "Internal error: a bug in gBPF. Run again with --stacktrace and report it."),
    USAGE(2, "The command line is wrong: an unknown command or option, or a missing or malformed value."),
    INPUT(3, "An input file is missing, unreadable, too large, not UTF-8, or of a wrong format or version."),
    COMPILE(4, "The policy does not compile."),
    REJECTED(5, "The verifier rejects the policy."),
    SCENARIO(6, "The scenario is invalid."),
    RUN(7, "The run failed: it stalled, or a check of it did not hold."),
    ENVIRONMENT(8, "The environment lacks something: a JDK 25, Maven, or what gbpf doctor says; or the build failed."),
    OUTPUT(9, "An output could not be written."),
    TESTS(10, "A test of a policy failed."),
    LAYOUT(11, "A policy is not laid out as gbpf fmt would do it; nothing was changed."),
    PROTOCOL(12, "An editor sent gbpf lsp something that is not the language server protocol."),
    NO_DAEMON(13, "No daemon answers at the socket, or it went away."),
    DENIED(14, "The daemon denies it: the user has no role for it, or the policy no signature that it trusts."),
    REFUSED(15, "The daemon could not do it: it has nothing of that name, or the policy's init refused."),
    DAEMON(16, "The daemon could not start: its socket cannot be had, or another daemon serves it."),
    NOT_EXECUTABLE(126, "gbpf exec could not execute the program."),
    NOT_FOUND(127, "gbpf exec found no such program."),
    INTERRUPTED(130, "Interrupted (Ctrl-C)."),
    BROKEN_PIPE(141, "The reader of the output went away; nothing is said about it.");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    /** One sentence or two for the reference. */
    String meaning() {
        return meaning;
    }
}
