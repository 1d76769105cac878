package dev.gbpf.host.cli;

import dev.gbpf.host.device.DeviceBenchmark;
import dev.gbpf.host.device.DeviceBenchmark.BenchmarkException;
import dev.gbpf.host.device.DeviceBenchmark.Kind;
import dev.gbpf.host.device.DeviceBenchmark.Measurement;
import dev.gbpf.host.device.DeviceBenchmark.Policy;
import dev.gbpf.host.device.DeviceBenchmark.Report;
import dev.gbpf.host.device.DeviceBenchmark.Request;
import dev.gbpf.host.device.DeviceBenchmark.Soak;
import dev.gbpf.host.device.DeviceProvider;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf bench device}: how fast tasks go to the resident kernel and come back, checked. */
@Command(
        name = "device",
        addMethodSubcommands = false,
        description = {
            "Measures the device runtime from Java: round trips from host to task and back beside a bare flag and kernel launches,"
                    + " tasks fed by one and by four threads, tasks made by tasks, and chains of tasks. Checks by sums that each task ran once. cpu measures"
                    + " the build of the device code for the CPU, which says whether it is right and not how fast a GPU is.",
            "",
            "--soak measures nothing: it swaps policies, lets them fault and become machine code, lets the kernel leave, return"
                    + " and drain, at random, under tasks of all forms, and checks that each task ran once."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf bench device --device gpu --raw device.csv",
            "  gbpf bench device --device cpu --policy device_fair --brief",
            "  gbpf bench device --device gpu --soak 5m --seed 1"
        })
final class BenchDeviceCommand implements Verb {
    private static final double P99 = 0.99;
    private static final double HALF = 0.5;

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "cpu, gpu, or gpu:N for the GPU of that number. Default: gpu.")
    String device = "gpu";

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description = "What decides on the device meanwhile: a policy of the library with device hooks, or a file."
                    + " Default: the built-in fair policy.")
    @Nullable
    String policy;

    @Option(names = "--brief", description = "Take a second or two; the numbers say less, the checks as much.")
    boolean brief;

    @Option(
            names = "--raw",
            paramLabel = "FILE",
            description = "Write each sample to this file: measurement, unit, value.")
    @Nullable
    String raw;

    @Option(
            names = "--soak",
            paramLabel = "TIME",
            converter = LimitOptions.Time.class,
            description = "Do at random whatever may happen to a runtime, for this time: 30s, 5m.")
    @Nullable
    Duration soak;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "What decides in which order a soak does what. Default: ${DEFAULT-VALUE}.")
    long seed = 1;

    BenchDeviceCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.INPUT,
                ExitCode.COMPILE,
                ExitCode.REJECTED,
                ExitCode.RUN,
                ExitCode.ENVIRONMENT,
                ExitCode.OUTPUT);
    }

    @Override
    public Integer call() {
        OutputFile file = raw == null ? null : OutputFile.of(session.console(), raw);
        String kind = device.split(":", 2)[0];
        DeviceBenchmark benchmark = DeviceProvider.all().stream()
                .flatMap(provider -> provider.benchmark().stream())
                .filter(candidate -> candidate.devices().contains(kind))
                .findFirst()
                .orElseThrow(() -> new CliException(
                        ExitCode.USAGE, "--device=" + device + " is not known", "write cpu, gpu or gpu:N"));
        if (soak != null && policy != null) {
            throw new CliException(ExitCode.USAGE, "--soak has policies of its own", "leave out --policy=" + policy);
        }
        Request request = new Request(
                device, brief, policy == null ? null : verified(policy), soak == null ? null : new Soak(soak, seed));
        Report report;
        try {
            report = benchmark.run(
                    request,
                    next -> session.err().append("measuring ").append(next).append('\n'));
        } catch (BenchmarkException e) {
            throw new CliException(ExitCode.ENVIRONMENT, String.valueOf(e.getMessage()), e.remedy());
        }
        if (file != null) {
            file.write(samples(report));
        }
        if (session.json()) {
            printJson(report);
        } else {
            print(report);
        }
        return (report.wrong().isEmpty() ? ExitCode.OK : ExitCode.RUN).number();
    }

    private Policy verified(String name) {
        PolicyInput input = PolicyInput.named(session.console(), PolicyLibrary.ofClassPath(), name);
        return switch (new Verifier().verify(input.object())) {
            case VerificationResult.Accepted accepted -> new Policy(input.object(), accepted);
            case VerificationResult.Rejected rejected -> throw VerifiedPolicy.rejection(input, rejected);
        };
    }

    private static String samples(Report report) {
        StringBuilder lines = new StringBuilder("measurement,unit,value\n");
        for (Measurement measurement : report.measurements()) {
            for (double sample : measurement.samples()) {
                lines.append(measurement.name())
                        .append(',')
                        .append(measurement.unit())
                        .append(',')
                        .append(sample)
                        .append('\n');
            }
        }
        return lines.toString();
    }

    private void print(Report report) {
        session.out().append(report.device()).append('\n');
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("measurement", "median", "P99", "least", "greatest", "unit", "samples"));
        for (Measurement measurement : report.measurements()) {
            rows.add(row(measurement));
        }
        session.out().append(Text.table(rows, false, true, true, true, true, false, true));
        if (report.wrong().isEmpty()) {
            session.out().append("every task ran once\n");
        } else {
            report.wrong()
                    .forEach(
                            what -> session.out().append("WRONG: ").append(what).append('\n'));
        }
    }

    private static List<String> row(Measurement measurement) {
        if (measurement.kind() == Kind.COUNT) {
            return List.of(measurement.name(), Text.grouped(count(measurement)), "", "", "", "", "");
        }
        return List.of(
                measurement.name(),
                number(measurement.quantile(HALF)),
                measurement.kind() == Kind.LATENCY ? number(measurement.quantile(P99)) : "",
                number(measurement.quantile(0)),
                number(measurement.quantile(1)),
                measurement.unit(),
                Text.grouped(measurement.samples().size()));
    }

    private static long count(Measurement measurement) {
        return Math.round(measurement.quantile(HALF));
    }

    /** A measured value for people: two figures at least, however small it is. */
    static String number(double value) {
        if (value > 0 && value < 0.1) {
            return new BigDecimal(value).round(new MathContext(2)).toPlainString();
        }
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }

    private void printJson(Report report) {
        ObjectNode document = Session.object();
        document.put("device", report.device());
        ArrayNode list = document.putArray("measurements");
        for (Measurement measurement : report.measurements()) {
            ObjectNode node = list.addObject();
            node.put("name", measurement.name());
            if (measurement.kind() == Kind.COUNT) {
                node.put("count", count(measurement));
                continue;
            }
            node.put("unit", measurement.unit());
            node.put("median", measurement.quantile(HALF));
            node.put("p99", measurement.quantile(P99));
            node.put("least", measurement.quantile(0));
            node.put("greatest", measurement.quantile(1));
            node.put("samples", measurement.samples().size());
        }
        ArrayNode wrong = document.putArray("wrong");
        report.wrong().forEach(wrong::add);
        session.printJson(document);
    }
}
