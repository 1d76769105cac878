package dev.gbpf.host.cli;

import dev.gbpf.host.swap.ActivationRecord;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf policy swap}: another policy decides. */
@Command(
        name = "swap",
        addMethodSubcommands = false,
        description = {
            "Makes a policy the one that decides, between two decisions: no job is lost. A file, or a policy of the library, is"
                    + " loaded first; bypass stands for no policy. Maps of the policy's name go on with what they hold.",
            "With --mode it is tried first, and guards end the trial when it does badly."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf policy swap fair.gbpf --wait 10",
            "  gbpf policy swap weighted_fair --mode canary --share 0.1 --for 30s --guard wait_p99_ratio=1.5 --wait",
            "  gbpf policy swap bypass"
        })
final class PolicySwapCommand implements Verb {
    private static final int MOST_SECONDS = 86_400;

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    @Mixin
    final TrialOptions trial = new TrialOptions();

    @Parameters(
            paramLabel = "POLICY",
            description = "Name, id or tag of a loaded policy; a file; a policy of the library; or bypass.")
    String policy = "";

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "5",
            description =
                    "Show how the plane stands before the swap and for so long after it (default 5), once a second, or to"
                            + " the end of the trial, and when a device has the policy; with --json one document a"
                            + " line.")
    @Nullable
    Integer wait;

    PolicySwapCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.INPUT,
                ExitCode.COMPILE,
                ExitCode.REJECTED,
                ExitCode.NO_DAEMON,
                ExitCode.DENIED,
                ExitCode.REFUSED);
    }

    @Override
    public Integer call() {
        if (wait != null) {
            CliException.requireRange("--wait", wait, 1, MOST_SECONDS);
        }
        try (DaemonLink link = DaemonLink.connect(session, daemon)) {
            String reference =
                    policy.equals(ActivationRecord.BYPASS) ? policy : new PolicyUpload(session, link).reference(policy);
            StatusView view = wait == null ? null : new StatusView(session);
            if (view != null) {
                view.show(link.call("status"));
            }
            ObjectNode parameters = PolicyUpload.named(reference);
            trial.write(parameters);
            JsonNode change = link.call("policy.swap", parameters);
            print(session, change);
            if (view != null && wait != null) {
                view.awaitDevice(change.path("device"));
                view.follow(link, wait, trial.isTrial());
            }
        }
        if (wait != null && trial.isTrial()) {
            printEnd();
        }
        return ExitCode.OK.number();
    }

    /** What became of the trial, when it is over. */
    private void printEnd() {
        try (DaemonLink link = DaemonLink.connect(session, daemon)) {
            JsonNode history = link.call("policy.history");
            for (int i = history.size() - 1; i >= 0; i--) {
                if (history.path(i).path("reason").asString().equals("trial")) {
                    JsonNode report = history.path(i).path("end").path("report");
                    if (report.isObject()) {
                        print(session, report);
                    }
                    return;
                }
            }
        }
    }

    static void print(Session session, JsonNode change) {
        if (session.json()) {
            session.printJson(change);
        } else {
            session.out().append(ChangeText.of(change)).append('\n');
            JsonNode device = change.path("device");
            if (device.isObject()) {
                session.out().append(DeviceText.of(device)).append('\n');
            }
        }
    }
}
