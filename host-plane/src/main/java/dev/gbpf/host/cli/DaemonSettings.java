package dev.gbpf.host.cli;

import dev.gbpf.host.authority.AccessRules;
import dev.gbpf.host.authority.AccessRules.Rule;
import dev.gbpf.host.authority.Principals;
import dev.gbpf.host.authority.TrustPolicy;
import dev.gbpf.host.authority.VerifyingKey;
import dev.gbpf.host.daemon.ConfigFile;
import dev.gbpf.host.daemon.DaemonConfig;
import dev.gbpf.host.daemon.DeviceKind;
import dev.gbpf.host.daemon.DeviceRuntimeKind;
import dev.gbpf.host.daemon.IdleScenario;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.record.StateDirectory;
import dev.gbpf.host.scenario.PolicyRef;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.Scenario.Policies;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together how a daemon runs: its configuration file, and what the command line says otherwise. */
final class DaemonSettings {
    private final Session session;
    private final ConfigFile file;
    private final Path folder;
    private final PolicyLibrary library = PolicyLibrary.ofClassPath();

    /**
     * Settings.
     *
     * @param folder where paths in the file begin
     */
    DaemonSettings(Session session, ConfigFile file, Path folder) {
        this.session = session;
        this.file = file;
        this.folder = folder;
    }

    /**
     * The settings of a daemon.
     *
     * @param socket what the command line says
     * @param state likewise, or null
     * @param device likewise, or null
     * @param deviceRuntime likewise, or null
     * @param scenario likewise, or null
     * @param policy likewise, or null
     * @param speed likewise, or null
     * @param cpu likewise, or null
     * @param rehearse whether it says so
     * @param metrics likewise, or null
     * @throws CliException when something that they name is not there
     * @throws DiagnosticException when the scenario or the policy cannot be used
     */
    DaemonConfig config(
            DaemonOption socket,
            @Nullable String state,
            @Nullable DeviceKind device,
            @Nullable DeviceRuntimeKind deviceRuntime,
            @Nullable String scenario,
            @Nullable String policy,
            @Nullable Double speed,
            @Nullable Integer cpu,
            boolean rehearse,
            @Nullable Integer metrics) {
        Scenario read = scenario(scenario);
        try {
            return new DaemonConfig(
                    socket.socket == null && !file.socket().isEmpty()
                            ? folder.resolve(file.socket())
                            : socket.path(session.console()).toAbsolutePath(),
                    file.group().isEmpty() ? null : Principals.group(file.group()),
                    state(state),
                    device == null ? file.device() : device,
                    deviceRuntime == null ? file.deviceRuntime() : deviceRuntime,
                    read,
                    speed == null ? file.speed() : speed,
                    policy(read, policy),
                    cpu == null ? file.cpu() : cpu,
                    rehearse || file.rehearse(),
                    metrics == null ? file.metrics() : metrics,
                    access(),
                    trust());
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.INPUT, "this machine does not know the user or group " + e.getMessage(), "see getent", e);
        }
    }

    private Path state(@Nullable String option) {
        if (option == null && !file.state().isEmpty()) {
            return folder.resolve(file.state());
        }
        return option == null
                ? StateDirectory.of(session.console().environment()).toAbsolutePath()
                : session.console().resolve(option);
    }

    private Scenario scenario(@Nullable String option) {
        if (option == null && file.scenario().isEmpty()) {
            return IdleScenario.create();
        }
        String name = option == null ? folder.resolve(file.scenario()).toString() : option;
        return RunCommand.read(session.console(), InputFile.read(session.console(), name, "scenario"), library);
    }

    private @Nullable PolicyObject policy(Scenario scenario, @Nullable String option) {
        String name = option;
        if (name == null && !file.policy().isEmpty()) {
            name = located(file.policy(), folder);
        } else if (name == null && scenario.policies() instanceof Policies.Sequence(PolicyRef first, var _)) {
            name = located(first.text(), scenario.folder());
        }
        return name == null || name.equals(ActivationRecord.BYPASS)
                ? null
                : VerifiedPolicy.of(PolicyInput.named(session.console(), library, name))
                        .object();
    }

    /** A policy of the library, or a file that is named from another folder. */
    private String located(String policy, Path from) {
        return library.policy(policy).isPresent() || policy.equals(ActivationRecord.BYPASS)
                ? policy
                : from.resolve(policy).toAbsolutePath().toString();
    }

    private AccessRules access() throws IOException {
        List<Rule> rules = new ArrayList<>();
        for (ConfigFile.Access access : file.access()) {
            rules.add(
                    access.user().isEmpty()
                            ? new Rule.OfGroup(Principals.group(access.group()), access.role())
                            : new Rule.OfUser(Principals.user(access.user()), access.role()));
        }
        return new AccessRules(Principals.self(), Principals.root(), rules);
    }

    private TrustPolicy trust() {
        List<VerifyingKey> keys = file.keys().stream()
                .map(key ->
                        KeyFile.verifying(session.console(), folder.resolve(key).toString()))
                .toList();
        return new TrustPolicy(keys, file.unsigned().orElse(keys.isEmpty()));
    }
}
