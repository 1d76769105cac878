package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.FileProblem;
import dev.gbpf.host.control.ControlClient;
import dev.gbpf.host.control.ControlClient.ReplyException;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.ReplyCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A command's connection to the daemon. What goes wrong with it ends the command. */
final class DaemonLink implements AutoCloseable {
    private final ControlClient client;

    private DaemonLink(ControlClient client) {
        this.client = client;
    }

    /** The daemon at the socket that is meant; nothing when none is running there and nobody named one. */
    static Optional<DaemonLink> find(Session session, DaemonOption option) {
        return option.socket == null && !Files.exists(option.path(session.console()))
                ? Optional.empty()
                : Optional.of(connect(session, option));
    }

    /**
     * The daemon at the socket that is meant.
     *
     * @throws CliException when there is none
     */
    static DaemonLink connect(Session session, DaemonOption option) {
        Path path = option.path(session.console());
        try {
            return new DaemonLink(ControlClient.connect(path));
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.NO_DAEMON,
                    "no daemon answers at " + path + ": "
                            + (Files.exists(path) ? FileProblem.reason(e) : "there is no socket"),
                    "start one: gbpf daemon",
                    e);
        }
    }

    /** Parameters to fill. */
    static ObjectNode parameters() {
        return Messages.object();
    }

    /** Asks for something without parameters. */
    JsonNode call(String method) {
        return call(method, parameters());
    }

    /** Asks for something. */
    JsonNode call(String method, ObjectNode parameters) {
        return call(method, parameters, _ -> true);
    }

    /** Asks for something, and passes on what happens meanwhile until {@code listener} has enough. */
    JsonNode call(String method, ObjectNode parameters, Predicate<JsonNode> listener) {
        try {
            return client.call(method, parameters, listener);
        } catch (ReplyException e) {
            throw refused(e);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** Asks for something that may not be there. */
    Optional<JsonNode> lookUp(String method, ObjectNode parameters) {
        try {
            return Optional.of(client.call(method, parameters));
        } catch (ReplyException e) {
            if (e.code().equals(ReplyCode.NOT_FOUND.word())) {
                return Optional.empty();
            }
            throw refused(e);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private static CliException lost(IOException e) {
        return new CliException(ExitCode.NO_DAEMON, "the daemon was lost: " + e.getMessage(), "see its log", e);
    }

    private static CliException refused(ReplyException e) {
        ExitCode code = ReplyCode.byWord(e.code())
                .map(known -> switch (known) {
                    case DENIED, UNSIGNED, BAD_SIGNATURE -> ExitCode.DENIED;
                    case REJECTED -> ExitCode.REJECTED;
                    case BAD_OBJECT -> ExitCode.INPUT;
                    case INTERNAL -> ExitCode.INTERNAL;
                    default -> ExitCode.REFUSED;
                })
                .orElse(ExitCode.REFUSED);
        return new CliException(code, e.message(), e.help(), e);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw lost(e);
        }
    }
}
