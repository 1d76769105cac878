package dev.gbpf.host.scenario;

import dev.gbpf.host.scenario.YamlNode.YamlScalar;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.workload.ArrivalProcess;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code arrivals}: a rate, or a kind of process with its parameters. */
final class ArrivalsReader {
    private static final List<String> KINDS = List.of("poisson", "burst", "periodic", "closed_loop");
    private static final long MOST_NS = DeviceModel.MAX_TIME_NS;

    private final Problems problems;

    ArrivalsReader(Problems problems) {
        this.problems = problems;
    }

    /** The process, or null after a problem was reported. */
    @Nullable
    ArrivalProcess read(YamlNode node) {
        if (node instanceof YamlScalar) {
            return poisson("\"arrivals\"", node);
        }
        Choice choice = Choice.read("\"arrivals\"", node, KINDS, problems);
        if (choice == null) {
            return null;
        }
        return switch (choice.kind()) {
            case "poisson" -> poisson("\"poisson\"", choice.value());
            case "burst" -> burst(choice.value());
            case "periodic" -> periodic(choice.value());
            case "closed_loop" -> closedLoop(choice.value());
            default -> throw new IllegalStateException("kind=" + choice.kind());
        };
    }

    private @Nullable ArrivalProcess poisson(String field, YamlNode node) {
        int before = problems.count();
        long rate = Values.quantity(Quantity.RATE, field, node, 1, Values.MAX_RATE_THOUSANDTHS, problems);
        return problems.count() > before ? null : new ArrivalProcess.Poisson(rate / 1e3);
    }

    private @Nullable ArrivalProcess burst(YamlNode node) {
        int before = problems.count();
        Fields fields = new Fields("\"burst\"", node, problems, List.of("rate", "idle_rate", "length", "gap"));
        fields.required("rate");
        fields.required("length");
        fields.required("gap");
        double rate = fields.rate("rate", false, 1);
        double idle = fields.rate("idle_rate", true, 0);
        long length = fields.duration("length", 1, MOST_NS, 1);
        long gap = fields.duration("gap", 1, MOST_NS, 1);
        return problems.count() > before ? null : new ArrivalProcess.OnOff(rate, idle, length, gap);
    }

    private @Nullable ArrivalProcess periodic(YamlNode node) {
        int before = problems.count();
        if (node instanceof YamlScalar) {
            long every = Values.quantity(Quantity.DURATION, "\"periodic\"", node, 1, MOST_NS, problems);
            return problems.count() > before ? null : new ArrivalProcess.Periodic(every, 0);
        }
        Fields fields = new Fields("\"periodic\"", node, problems, List.of("every", "offset"));
        fields.required("every");
        long every = fields.duration("every", 1, MOST_NS, 1);
        long offset = fields.duration("offset", 0, MOST_NS, 0);
        return problems.count() > before ? null : new ArrivalProcess.Periodic(every, offset);
    }

    private @Nullable ArrivalProcess closedLoop(YamlNode node) {
        int before = problems.count();
        Fields fields = new Fields("\"closed_loop\"", node, problems, List.of("clients", "think"));
        fields.required("clients");
        int clients = fields.integer("clients", 1, 1_000_000, 1);
        long think = fields.duration("think", 0, MOST_NS, 0);
        return problems.count() > before ? null : new ArrivalProcess.ClosedLoop(clients, think);
    }
}
