package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.control.ControlSocket.SocketException;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.daemon.ConfigFile;
import dev.gbpf.host.daemon.Daemon;
import dev.gbpf.host.daemon.DaemonConfig;
import dev.gbpf.host.daemon.DeviceKind;
import dev.gbpf.host.daemon.DeviceRuntimeKind;
import dev.gbpf.host.record.RecordStoreException;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.thread.CpuAffinity;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code gbpf daemon}: a plane in real time with a control socket. */
@Command(
        name = "daemon",
        addMethodSubcommands = false,
        description = {
            "Runs a plane in real time, on the simulated device or for applications that use the GPU, until it is told to stop (SIGTERM, Ctrl-C), and serves gbpf policy,"
                    + " map, hook, tenant and device on a socket. See docs/daemon.md."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf daemon --scenario two_tenants.yaml --policy fifo",
            "  gbpf daemon --device interposed --policy latency_first",
            "  gbpf daemon --config /etc/gbpf/daemon.yaml"
        })
final class DaemonCommand implements Verb {
    private final Session session;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (docs/daemon.md); the other options take precedence.")
    @Nullable
    String config;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Where records are kept: policies, activations and how they ended, quarantine. Default: $GBPF_STATE,"
                            + " else $XDG_STATE_HOME/gbpf, else ~/.local/state/gbpf (docs/daemon.md).")
    @Nullable
    String state;

    @Option(
            names = "--device",
            paramLabel = "KIND",
            converter = DeviceKindConverter.class,
            description =
                    "What the plane decides for: simulated (the device and the work of a scenario), or interposed (the GPU, as"
                            + " the applications use it that gbpf exec starts; docs/interposer-verdicts.md). Default: simulated.")
    @Nullable
    DeviceKind device;

    @Option(
            names = "--device-runtime",
            paramLabel = "KIND",
            converter = DeviceRuntimeConverter.class,
            description =
                    "Where device programs of policies run (sm_tick, cta_admit, ...): none, cpu (threads of the daemon), or gpu (the"
                            + " first GPU, under a control kernel that has it to itself). Default: none.")
    @Nullable
    DeviceRuntimeKind deviceRuntime;

    @Option(
            names = "--scenario",
            paramLabel = "FILE",
            description =
                    "Device, tenants and work, which repeats (docs/scenario.md); its first policy decides at the start,"
                            + " its swaps do not count. Default: a simulated H200, one tenant, no work.")
    @Nullable
    String scenario;

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description = "What decides at the start: a policy of the library, bypass, or a file.")
    @Nullable
    String policy;

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            description = "Device time that passes in a unit of real time, 0.001 to 1000. Default: 1.")
    @Nullable
    Double speed;

    @Option(
            names = "--cpu",
            paramLabel = "N",
            description =
                    "The thread that decides runs on this processor alone, from 0 (docs/daemon.md says how to keep others off it). Default:"
                            + " wherever the kernel puts it.")
    @Nullable
    Integer cpu;

    @Option(
            names = "--rehearse",
            description =
                    "Swap made-up policies for some seconds first, so that the first real swaps take a third of the time (docs/daemon.md).")
    boolean rehearse;

    @Option(
            names = "--metrics",
            paramLabel = "PORT",
            description =
                    "Serves Prometheus metrics at /metrics on this port of the loopback interface (docs/metrics.md). Default:"
                            + " nowhere.")
    @Nullable
    Integer metrics;

    DaemonCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.INPUT,
                ExitCode.COMPILE,
                ExitCode.REJECTED,
                ExitCode.SCENARIO,
                ExitCode.RUN,
                ExitCode.REFUSED,
                ExitCode.DAEMON);
    }

    @Override
    public Integer call() {
        if (speed != null && !(speed >= 1e-3 && speed <= 1e3)) {
            throw new CliException(ExitCode.USAGE, "--speed " + speed + " is not in 0.001..1000", "");
        }
        if (metrics != null) {
            CliException.requireRange("--metrics", metrics, 1, ConfigFile.MOST_PORT);
        }
        if (cpu != null) {
            CliException.requireRange("--cpu", cpu, 0, CpuAffinity.MOST);
        }
        EventLog log = log(session.err());
        try (Daemon running = Daemon.start(settings(), log)) {
            Thread stop = new Thread(() -> stop(running, log), "gbpf-stop");
            Runtime.getRuntime().addShutdownHook(stop);
            running.awaitEnd();
            Throwable failure = running.failure();
            if (failure != null) {
                if (session.stacktrace()) {
                    failure.printStackTrace(session.err());
                }
                throw new CliException(ExitCode.RUN, "the plane failed: " + failure, "");
            }
            return ExitCode.OK.number();
        } catch (SocketException e) {
            throw new CliException(ExitCode.DAEMON, e.message(), e.help(), e);
        } catch (RecordStoreException e) {
            throw new CliException(ExitCode.DAEMON, String.valueOf(e.getMessage()), "", e);
        } catch (RequestException e) {
            throw new CliException(ExitCode.REFUSED, e.message(), e.help(), e);
        } catch (ScenarioException e) {
            throw ScenarioExecution.refused(e);
        } catch (IOException e) {
            throw new CliException(ExitCode.DAEMON, "the daemon cannot run: " + e.getMessage(), "", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.number();
        }
    }

    /** The word of a kind. */
    static final class DeviceKindConverter implements ITypeConverter<DeviceKind> {
        @Override
        public DeviceKind convert(String word) {
            return DeviceKind.byWord(word)
                    .orElseThrow(() -> new TypeConversionException("'" + word + "' is no kind of device, expected "
                            + String.join(" or ", DeviceKind.words())));
        }
    }

    /** The word of a kind of runtime. */
    static final class DeviceRuntimeConverter implements ITypeConverter<DeviceRuntimeKind> {
        @Override
        public DeviceRuntimeKind convert(String word) {
            return DeviceRuntimeKind.byWord(word)
                    .orElseThrow(() -> new TypeConversionException("'" + word + "' is no device runtime, expected "
                            + String.join(" or ", DeviceRuntimeKind.words())));
        }
    }

    /** Being told to stop is no failure. */
    private static void stop(Daemon daemon, EventLog log) {
        try {
            daemon.close();
        } catch (IOException e) {
            log.write("cannot stop in order: " + e.getMessage());
        }
        Runtime.getRuntime().halt(ExitCode.OK.number());
    }

    private static EventLog log(PrintStream err) {
        return line -> err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + line);
    }

    private DaemonConfig settings() {
        Path folder = session.console().directory();
        ConfigFile file = ConfigFile.NONE;
        if (config != null) {
            SourceFile source =
                    InputFile.read(session.console(), config, "configuration").text();
            Path parent = session.console().resolve(config).toAbsolutePath().getParent();
            folder = parent == null ? folder : parent;
            try {
                file = ConfigFile.parse(source);
            } catch (ScenarioException e) {
                throw new DiagnosticException(
                        ExitCode.INPUT, config + " is no configuration", e.diagnostics(), e.source());
            }
        }
        return new DaemonSettings(session, file, folder)
                .config(daemon, state, device, deviceRuntime, scenario, policy, speed, cpu, rehearse, metrics);
    }
}
