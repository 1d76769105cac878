package dev.gbpf.host.cli;

import dev.gbpf.host.recording.RecordingFile;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf record}: what unmodified applications launch, into a file. */
@Command(
        name = "record",
        addMethodSubcommands = false,
        description = {
            "Records what the applications of a running daemon do: kernels, graphs, copies, waits, when they were called and how long they"
                    + " took, on which stream, of which tenant. gbpf replay runs the recording under any policy, without a GPU."
        },
        footer = {"", "Example:", "  gbpf record --seconds 5 --out chat.gbrec"})
final class RecordCommand extends DaemonVerb {
    private static final double MS_PER_SECOND = 1e3;
    private static final double MOST_SECONDS = 600;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The recording, or - for standard output.")
    String out = "";

    @Option(names = "--seconds", paramLabel = "N", description = "How long, 0.01 to 600. Default: 10.")
    double seconds = 10;

    RecordCommand(Session session) {
        super(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        Set<ExitCode> codes = EnumSet.copyOf(super.exitCodes());
        codes.add(ExitCode.OUTPUT);
        return codes;
    }

    @Override
    void run(DaemonLink link) {
        if (!(seconds >= 1e-2 && seconds <= MOST_SECONDS)) {
            throw new CliException(ExitCode.USAGE, "--seconds " + seconds + " is not in 0.01..600", "");
        }
        OutputFile file = OutputFile.of(session.console(), out);
        ObjectNode parameters = DaemonLink.parameters();
        parameters.put("ms", Math.round(seconds * MS_PER_SECOND));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonNode result = link.call("recording.take", parameters, event -> {
            take(event.path("chunk").asString(""), bytes);
            return true;
        });
        file.write(bytes.toByteArray());
        if (session.json() && !file.isStdout()) {
            session.printJson(result);
        } else {
            say(result, file);
        }
    }

    private static void take(String chunk, ByteArrayOutputStream bytes) {
        try {
            bytes.writeBytes(Base64.getDecoder().decode(chunk));
        } catch (IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.NO_DAEMON, "the daemon sent something that is no recording", "see its log", e);
        }
        if (bytes.size() > RecordingFile.MOST_BYTES) {
            throw new CliException(ExitCode.NO_DAEMON, "the daemon sends a recording without end", "see its log");
        }
    }

    private void say(JsonNode result, OutputFile file) {
        session.err()
                .println(file.name() + ": " + Text.grouped(result.path("events").asLong()) + " events of "
                        + result.path("applications").asInt() + " applications, "
                        + Text.grouped(result.path("bytes").asLong()) + " bytes");
        long lost = result.path("lost").asLong();
        if (lost > 0 || !result.path("complete").asBoolean()) {
            session.err()
                    .println("gbpf: warning: "
                            + (lost > 0 ? Text.grouped(lost) + " events were lost" : "the recording reached its limit")
                            + "; what it lacks, replays lack");
        }
    }
}
