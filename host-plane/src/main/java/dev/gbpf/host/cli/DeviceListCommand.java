package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code gbpf device list}: the device and its vSlices. */
@Command(
        name = "list",
        addMethodSubcommands = false,
        description = "Lists the daemon's device: SMs, memory, and the jobs that each vSlice holds.",
        footer = {"", "Example:", "  gbpf device list"})
final class DeviceListCommand extends DaemonVerb {
    DeviceListCommand(Session session) {
        super(session);
    }

    @Override
    void run(DaemonLink link) {
        JsonNode devices = link.call("device.list");
        if (session.json()) {
            session.printJson(devices);
            return;
        }
        for (JsonNode device : devices) {
            session.out()
                    .append(device.path("name").asString() + " ("
                            + device.path("kind").asString() + "): "
                            + Text.grouped(device.path("sms").asLong()) + " SMs, "
                            + Text.grouped(device.path("usedBytes").asLong() >> 20) + " of "
                            + Text.grouped(device.path("memoryBytes").asLong() >> 20) + " MiB in use\n");
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("  vslice", "SMs", "jobs", "at most"));
            for (JsonNode vslice : device.path("vslices")) {
                rows.add(List.of(
                        "  " + vslice.path("name").asString(),
                        Text.grouped(vslice.path("sms").asLong()),
                        Text.grouped(vslice.path("inflight").asLong()),
                        Text.grouped(vslice.path("inflightLimit").asLong())));
            }
            session.out().append(Text.table(rows, false, true, true, true));
        }
    }
}
