package dev.gbpf.host.cli;

import dev.gbpf.host.device.DeviceField;
import dev.gbpf.host.device.DeviceProvider;
import dev.gbpf.host.device.DeviceReading;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf device list}: the daemon's device with its vSlices, and the GPUs of this machine. */
@Command(
        name = "list",
        addMethodSubcommands = false,
        description = {
            "Lists devices: where a daemon runs its device, with SMs, memory, and the jobs that each vSlice holds; then the GPUs of"
                    + " this machine."
        },
        footer = {"", "Example:", "  gbpf device list"})
final class DeviceListCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    DeviceListCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.NO_DAEMON, ExitCode.DENIED);
    }

    @Override
    public Integer call() {
        ArrayNode devices = Session.array();
        Optional<DaemonLink> link = DaemonLink.find(session, daemon);
        if (link.isPresent()) {
            try (DaemonLink open = link.get()) {
                open.call("device.list").forEach(devices::add);
            }
        }
        for (DeviceProvider provider : DeviceProvider.all()) {
            if (!provider.isSimulated()) {
                provider.devices().forEach(device -> devices.add(json(device)));
            }
        }
        if (session.json()) {
            session.printJson(devices);
        } else {
            devices.forEach(this::print);
            if (devices.isEmpty()) {
                session.out().append("no daemon runs, and there is no GPU; gbpf doctor tells more\n");
            }
        }
        return ExitCode.OK.number();
    }

    private static ObjectNode json(DeviceReading device) {
        ObjectNode node = Session.object();
        node.put("name", device.value(DeviceField.NAME).orElse(""));
        node.put("kind", device.value(DeviceField.KIND).orElse(""));
        node.put("sms", number(device, DeviceField.SMS));
        node.put("memoryBytes", number(device, DeviceField.MEMORY_TOTAL) << 20);
        device.value(DeviceField.MEMORY_USED).ifPresent(used -> node.put("usedBytes", Long.parseLong(used) << 20));
        node.put("index", device.value(DeviceField.INDEX).orElse(""));
        node.put("uuid", device.value(DeviceField.UUID).orElse(""));
        node.put("computeCapability", device.value(DeviceField.COMPUTE_CAP).orElse(""));
        return node;
    }

    private static long number(DeviceReading device, DeviceField field) {
        return device.value(field).map(Long::parseLong).orElse(0L);
    }

    private void print(JsonNode device) {
        StringBuilder line = new StringBuilder();
        if (device.has("index")) {
            line.append("GPU ").append(device.path("index").asString()).append(": ");
        }
        line.append(device.path("name").asString())
                .append(" (")
                .append(device.path("kind").asString());
        line.append("): ").append(Text.grouped(device.path("sms").asLong())).append(" SMs, ");
        if (device.has("usedBytes")) {
            line.append(Text.grouped(device.path("usedBytes").asLong() >> 20)).append(" of ");
        }
        line.append(Text.grouped(device.path("memoryBytes").asLong() >> 20)).append(" MiB");
        line.append(device.has("usedBytes") ? " in use" : "");
        if (device.has("uuid")) {
            line.append(", ").append(device.path("uuid").asString());
        }
        session.out().append(line.append('\n'));
        if (device.has("vslices")) {
            printVslices(device.path("vslices"));
        }
    }

    private void printVslices(JsonNode vslices) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("  vslice", "SMs", "jobs", "at most"));
        for (JsonNode vslice : vslices) {
            rows.add(List.of(
                    "  " + vslice.path("name").asString(),
                    Text.grouped(vslice.path("sms").asLong()),
                    Text.grouped(vslice.path("inflight").asLong()),
                    Text.grouped(vslice.path("inflightLimit").asLong())));
        }
        session.out().append(Text.table(rows, false, true, true, true));
    }
}
