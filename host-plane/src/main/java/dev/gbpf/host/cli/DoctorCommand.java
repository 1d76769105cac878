package dev.gbpf.host.cli;

import dev.gbpf.host.device.Check;
import dev.gbpf.host.device.Check.State;
import dev.gbpf.host.device.DeviceProvider;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf doctor}: what is there, what is missing, and what to do about it. */
@Command(
        name = "doctor",
        addMethodSubcommands = false,
        description = {
            "Checks what gBPF needs, each thing after those that it needs itself: Java, the build, device code and compilers, the NVIDIA"
                    + " driver, GPUs, and the daemon's socket. Says of each whether it will do (ok), will do with less (warn), or"
                    + " will not (fail), and what to do. Exit code 8 when something fails."
        },
        footer = {"", "Example:", "  gbpf doctor", "  gbpf doctor --gpu && gbpf daemon"})
final class DoctorCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    @Option(names = "--gpu", description = "A GPU is wanted: where none can be used, that fails.")
    boolean gpu;

    DoctorCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.ENVIRONMENT);
    }

    @Override
    public Integer call() {
        List<Check> checks = new ArrayList<>(List.of(InstallationChecks.java(), InstallationChecks.build()));
        List<DeviceProvider> providers = DeviceProvider.all();
        providers.forEach(provider -> checks.addAll(provider.checks()));
        if (gpu) {
            checks.add(wantedGpu(providers));
        }
        checks.add(InstallationChecks.library());
        checks.add(InstallationChecks.socket(daemon.path(session.console())));
        checks.addAll(InstallationChecks.applications(daemon.path(session.console())));
        State worst = checks.stream().map(Check::state).max(State::compareTo).orElse(State.OK);
        if (session.json()) {
            printJson(checks, worst);
        } else {
            print(checks);
        }
        return (worst == State.FAIL ? ExitCode.ENVIRONMENT : ExitCode.OK).number();
    }

    private static Check wantedGpu(List<DeviceProvider> providers) {
        long gpus = providers.stream()
                .filter(provider -> !provider.isSimulated())
                .mapToLong(provider -> provider.devices().size())
                .sum();
        return gpus > 0
                ? Check.ok("GPU wanted", Text.count(gpus, "GPU"))
                : Check.fail("GPU wanted", "none can be used", "see above what is missing");
    }

    private void print(List<Check> checks) {
        int width =
                checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
        for (Check check : checks) {
            session.out()
                    .append(pad(check.state().word(), 4) + "  " + pad(check.name(), width) + "  " + check.found()
                            + "\n");
            if (!check.remedy().isEmpty()) {
                session.out().append(" ".repeat(width + 8) + "help: " + check.remedy() + "\n");
            }
        }
        session.out()
                .append(count(checks, State.OK) + " ok, " + Text.count(count(checks, State.WARN), "warning") + ", "
                        + Text.count(count(checks, State.FAIL), "failure") + "\n");
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static long count(List<Check> checks, State state) {
        return checks.stream().filter(check -> check.state() == state).count();
    }

    private void printJson(List<Check> checks, State worst) {
        ObjectNode document = Session.object();
        document.put("result", worst.word());
        ArrayNode list = document.putArray("checks");
        for (Check check : checks) {
            ObjectNode node = list.addObject();
            node.put("name", check.name());
            node.put("state", check.state().word());
            node.put("found", check.found());
            if (!check.remedy().isEmpty()) {
                node.put("help", check.remedy());
            }
        }
        session.printJson(document);
    }
}
