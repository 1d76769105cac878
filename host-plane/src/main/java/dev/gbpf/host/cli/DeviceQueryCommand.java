package dev.gbpf.host.cli;

import dev.gbpf.host.device.DeviceField;
import dev.gbpf.host.device.DeviceProvider;
import dev.gbpf.host.device.DeviceReading;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf device query}: fields of devices, once or again and again, as nvidia-smi prints them. */
@Command(
        name = "query",
        addMethodSubcommands = false,
        description = {
            "Prints fields of the devices of this machine as comma-separated values, in nvidia-smi's habit; the simulated device comes"
                    + " last. What a device does not know is [N/A]. --help-fields lists the fields."
        },
        footer = {
            "",
            "Examples:",
            "  gbpf device query --query-gpu=index,name,utilization.gpu --format=csv -l 1",
            "  gbpf device query --help-fields"
        })
final class DeviceQueryCommand implements Verb {
    private static final String UNKNOWN = "[N/A]";
    private static final long NANOS = 1_000_000_000;
    private static final int MOST = 1_000_000_000;

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Option(
            names = "--query-gpu",
            paramLabel = "FIELDS",
            split = ",",
            description =
                    "Which fields, separated by commas. Default: index, kind, name, compute_cap, sms and memory.total.")
    List<String> fields = List.of("index", "kind", "name", "compute_cap", "sms", "memory.total");

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            split = ",",
            description = "csv, and with commas noheader and nounits. Default: csv.")
    List<String> format = List.of("csv");

    @Option(
            names = {"-i", "--id"},
            paramLabel = "DEVICES",
            split = ",",
            description = "Only these devices: indexes, or the beginnings of UUIDs.")
    List<String> ids = List.of();

    @Option(
            names = {"-l", "--loop"},
            paramLabel = "SEC",
            description = "Again every so many seconds, 1 to 86,400, until it is interrupted.")
    @Nullable
    Integer loop;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "With --loop, end after so many times.")
    int count = MOST;

    @Option(names = "--help-fields", description = "List the fields instead.")
    boolean helpFields;

    DeviceQueryCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.REFUSED, ExitCode.INTERRUPTED);
    }

    @Override
    public Integer call() {
        if (helpFields) {
            printFields();
            return ExitCode.OK.number();
        }
        List<DeviceField> asked = fields.stream()
                .map(String::strip)
                .map(DeviceQueryCommand::field)
                .toList();
        Set<String> wanted = format.stream().map(String::strip).collect(Collectors.toSet());
        if (!wanted.remove("csv") || !Set.of("noheader", "nounits").containsAll(wanted)) {
            throw usage(
                    "--format=" + String.join(",", format),
                    "write csv, csv,noheader, csv,nounits or csv,noheader,nounits");
        }
        if (loop != null && (loop < 1 || loop > 86_400)) {
            throw usage("--loop=" + loop, "write 1 to 86400 seconds");
        }
        if (count < 1) {
            throw usage("--count=" + count, "write 1 or more");
        }
        boolean units = !wanted.contains("nounits");
        if (!wanted.contains("noheader") && !session.json()) {
            session.out().append(header(asked, units)).append('\n');
        }
        List<DeviceProvider> providers = DeviceProvider.all();
        int times = loop == null ? 1 : count;
        for (int i = 0; i < times; i++) {
            if (i > 0) {
                LockSupport.parkNanos(loop == null ? 0 : loop * NANOS);
                if (Thread.interrupted()) {
                    return ExitCode.INTERRUPTED.number();
                }
            }
            print(providers, asked, units);
        }
        return ExitCode.OK.number();
    }

    private static DeviceField field(String text) {
        return DeviceField.byText(text)
                .orElseThrow(() -> usage("the field " + text, "see gbpf device query --help-fields"));
    }

    private static CliException usage(String what, String help) {
        return new CliException(ExitCode.USAGE, what + " is not known", help);
    }

    private void printFields() {
        if (session.json()) {
            ArrayNode list = Session.array();
            for (DeviceField field : DeviceField.values()) {
                ObjectNode node = list.addObject();
                node.put("field", field.text());
                node.put("unit", field.unit());
                node.put("meaning", field.doc());
            }
            session.printJson(list);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("field", "unit", "meaning"));
        for (DeviceField field : DeviceField.values()) {
            rows.add(List.of(field.text(), field.unit(), field.doc()));
        }
        session.out().append(Text.table(rows, false, false, false));
    }

    private static String header(List<DeviceField> asked, boolean units) {
        return asked.stream()
                .map(field ->
                        units && !field.unit().isEmpty() ? field.text() + " [" + field.unit() + "]" : field.text())
                .collect(Collectors.joining(", "));
    }

    private void print(List<DeviceProvider> providers, List<DeviceField> asked, boolean units) {
        List<DeviceReading> devices = providers.stream()
                .flatMap(provider -> provider.devices().stream())
                .filter(device -> ids.isEmpty() || ids.stream().anyMatch(id -> device.isMeantBy(id.strip())))
                .toList();
        if (devices.isEmpty()) {
            throw new CliException(
                    ExitCode.REFUSED,
                    "there is no device " + String.join(", ", ids),
                    "see gbpf device query --query-gpu=index,uuid,name");
        }
        if (session.json()) {
            ArrayNode list = Session.array();
            for (DeviceReading device : devices) {
                ObjectNode node = list.addObject();
                asked.forEach(field -> device.value(field).ifPresent(value -> node.put(field.text(), value)));
            }
            session.printJson(list);
            return;
        }
        for (DeviceReading device : devices) {
            session.out()
                    .append(asked.stream()
                            .map(field -> text(device, field, units))
                            .collect(Collectors.joining(", ")))
                    .append('\n');
        }
        session.out().flush();
    }

    private static String text(DeviceReading device, DeviceField field, boolean units) {
        return device.value(field)
                .map(value -> units && !field.unit().isEmpty() ? value + " " + field.unit() : value)
                .orElse(UNKNOWN);
    }
}
