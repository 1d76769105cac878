package dev.gbpf.host.cli;

import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Mixin;

/** A command that a daemon carries out. */
abstract class DaemonVerb implements Verb {
    final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    DaemonVerb(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.NO_DAEMON, ExitCode.DENIED, ExitCode.REFUSED);
    }

    @Override
    public final Integer call() {
        try (DaemonLink link = DaemonLink.connect(session, daemon)) {
            run(link);
        }
        return ExitCode.OK.number();
    }

    /** Asks the daemon, and prints what it says. */
    abstract void run(DaemonLink link);
}
