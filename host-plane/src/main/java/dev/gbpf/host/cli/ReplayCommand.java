package dev.gbpf.host.cli;

import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingException;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.replay.ApplicationReplay;
import dev.gbpf.host.replay.Latencies;
import dev.gbpf.host.replay.Replay;
import dev.gbpf.host.replay.Replay.RefusedException;
import dev.gbpf.host.replay.ReplayResult;
import dev.gbpf.host.sim.ContextSpec;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.object.PolicyObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf replay}: recordings of applications under any policy, without a GPU. */
@Command(
        name = "replay",
        addMethodSubcommands = false,
        description = {
            "Runs recordings of gbpf record again on a simulated device whose contexts take turns, under a policy, and shows for each"
                    + " application how long its requests took and how much it got done, beside the same as recorded. Of several recordings"
                    + " the applications run together, which predicts what they do to each other. The same recordings and policy give the same"
                    + " result on every machine."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf replay both.gbrec --policy latency_first",
            "  gbpf replay chat.gbrec training.gbrec --policy mine.gbpf --json"
        })
final class ReplayCommand implements Verb {
    private static final int MOST_RECORDINGS = 16;
    private static final double NS_PER_SECOND = 1e9;
    private static final double NS_PER_MS = 1e6;
    private static final double PERCENT = 100;

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Recordings; - is standard input.")
    List<String> files = List.of();

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description =
                    "What decides: a policy of the library, bypass, or a .gbpf, .gbo or .o file. Default: bypass.")
    String policy = ActivationRecord.BYPASS;

    @Option(names = "--latencies", description = "With --json: how long each request took, too.")
    boolean latencies;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the policy's random numbers. Default: 1.")
    long seed = 1;

    ReplayCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.COMPILE, ExitCode.REJECTED, ExitCode.RUN);
    }

    @Override
    public Integer call() {
        if (files.size() > MOST_RECORDINGS) {
            throw new CliException(
                    ExitCode.USAGE, files.size() + " recordings are given", "at most " + MOST_RECORDINGS);
        }
        List<Recording> recordings = files.stream().map(this::recording).toList();
        PolicyObject object = object();
        Replay replay;
        try {
            replay = new Replay(recordings, ContextSpec.h200(), seed);
        } catch (IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.INPUT, "the recordings have too much for one device: " + e.getMessage(), "", e);
        }
        ReplayResult result;
        try {
            result = replay.run(object);
        } catch (RefusedException e) {
            throw new CliException(ExitCode.RUN, String.valueOf(e.getMessage()), "the policy cannot decide", e);
        }
        if (session.json()) {
            session.printJson(json(result, recordings));
        } else {
            print(result, recordings);
        }
        return ExitCode.OK.number();
    }

    private Recording recording(String file) {
        InputFile input = InputFile.read(session.console(), file, "recording");
        try {
            Recording recording = RecordingFile.read(input.bytes());
            if (recording.tenants().isEmpty()) {
                throw new CliException(
                        ExitCode.INPUT, input.name() + " has no tenants", "record applications: gbpf record");
            }
            return recording;
        } catch (RecordingException e) {
            throw new CliException(
                    ExitCode.INPUT,
                    input.name() + " cannot be replayed: " + e.getMessage(),
                    "gbpf record makes recordings (docs/recording.md)",
                    e);
        }
    }

    private @Nullable PolicyObject object() {
        if (policy.equals(ActivationRecord.BYPASS)) {
            return null;
        }
        PolicyInput input = PolicyInput.named(session.console(), PolicyLibrary.ofClassPath(), policy);
        VerifiedPolicy.of(input);
        return input.object();
    }

    private void print(ReplayResult result, List<Recording> recordings) {
        session.out()
                .append(String.format(
                        Locale.ROOT,
                        "%s, %.2f s, recorded under %s%n%n",
                        result.policy(),
                        result.durationNs() / NS_PER_SECOND,
                        String.join(
                                ", ",
                                recordings.stream()
                                        .map(Recording::policy)
                                        .distinct()
                                        .toList())));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "tenant",
                "command",
                "",
                "requests",
                "p50 ms",
                "p99 ms",
                "arrivals",
                "p50 ms",
                "launches/s",
                "waits/s",
                "share",
                "held",
                "held ms"));
        for (ApplicationReplay a : result.applications()) {
            rows.add(row(a, true));
            rows.add(row(a, false));
        }
        session.out()
                .append(Text.table(
                        rows, false, false, false, true, true, true, true, true, true, true, true, true, true));
        long lost = recordings.stream().mapToLong(Recording::lost).sum();
        if (lost > 0) {
            session.err().println("gbpf: warning: the recordings lack " + Text.grouped(lost) + " events");
        }
    }

    private static List<String> row(ApplicationReplay a, boolean replayed) {
        Latencies requests = replayed ? a.requests() : a.recorded();
        Latencies arrivals = replayed ? a.arrivals() : a.recordedArrivals();
        double launches = replayed ? a.launchesPerSecond() : a.recordedLaunchesPerSecond();
        double waits = replayed ? a.waitsPerSecond() : a.recordedWaitsPerSecond();
        return List.of(
                replayed ? a.tenant() : "",
                replayed ? a.command() : "",
                replayed ? "replay" : "recorded",
                Text.grouped(requests.count()),
                ms(requests.p50Ns()),
                ms(requests.p99Ns()),
                Text.grouped(arrivals.count()),
                ms(arrivals.p50Ns()),
                String.format(Locale.ROOT, "%.0f", launches),
                String.format(Locale.ROOT, "%.1f", waits),
                replayed ? String.format(Locale.ROOT, "%.1f %%", a.share() * PERCENT) : "",
                replayed ? Text.grouped(a.held()) : "",
                replayed ? ms(a.heldNs()) : "");
    }

    private static String ms(long ns) {
        return String.format(Locale.ROOT, "%.3f", ns / NS_PER_MS);
    }

    private ObjectNode json(ReplayResult result, List<Recording> recordings) {
        ObjectNode node = Session.object();
        node.put("policy", result.policy());
        node.put("durationNs", result.durationNs());
        node.put("lost", recordings.stream().mapToLong(Recording::lost).sum());
        ArrayNode applications = node.putArray("applications");
        for (ApplicationReplay a : result.applications()) {
            ObjectNode one = applications.addObject();
            one.put("tenant", a.tenant());
            one.put("command", a.command());
            one.set("requests", json(a.requests()));
            one.set("arrivals", json(a.arrivals()));
            one.put("launchesPerSecond", a.launchesPerSecond());
            one.put("waitsPerSecond", a.waitsPerSecond());
            one.put("share", a.share());
            one.put("held", a.held());
            one.put("heldNs", a.heldNs());
            ObjectNode recorded = one.putObject("recorded");
            recorded.set("requests", json(a.recorded()));
            recorded.set("arrivals", json(a.recordedArrivals()));
            recorded.put("launchesPerSecond", a.recordedLaunchesPerSecond());
            recorded.put("waitsPerSecond", a.recordedWaitsPerSecond());
        }
        return node;
    }

    private ObjectNode json(Latencies of) {
        ObjectNode node = Session.object();
        node.put("count", of.count());
        node.put("p50Ns", of.p50Ns());
        node.put("p99Ns", of.p99Ns());
        node.put("mostNs", of.mostNs());
        if (latencies) {
            of.eachNs().forEach(node.putArray("eachNs")::add);
        }
        return node;
    }
}
