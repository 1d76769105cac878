package dev.gbpf.host.cli;

import java.util.Set;
import java.util.concurrent.Callable;

/** A command that does something. It prints its result, and returns its exit code or throws {@link CliException}. */
interface Verb extends Callable<Integer> {
    /** How it may end, besides success, a wrong command line and an internal error, with which every command may. */
    Set<ExitCode> exitCodes();
}
