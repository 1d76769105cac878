package dev.gbpf.host.scenario;

import dev.gbpf.host.scenario.YamlNode.YamlScalar;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.workload.ServiceTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code service}: how long a kernel takes, a duration or a kind of distribution with its parameters. */
final class ServiceReader {
    private static final List<String> KINDS = List.of("fixed", "uniform", "exponential", "heavy_tail", "lognormal");
    private static final long MOST_NS = DeviceModel.MAX_TIME_NS;

    private final Problems problems;

    ServiceReader(Problems problems) {
        this.problems = problems;
    }

    /** The distribution, or null after a problem was reported. */
    @Nullable
    ServiceTime read(YamlNode node) {
        int before = problems.count();
        if (node instanceof YamlScalar) {
            long ns = duration("\"service\"", node);
            return problems.count() > before ? null : new ServiceTime.Fixed(ns);
        }
        Choice choice = Choice.read("\"service\"", node, KINDS, problems);
        if (choice == null) {
            return null;
        }
        ServiceTime service = switch (choice.kind()) {
            case "fixed" -> new ServiceTime.Fixed(duration("\"fixed\"", choice.value()));
            case "exponential" -> new ServiceTime.Exponential(duration("\"exponential\"", choice.value()));
            case "uniform" -> uniform(choice.value());
            case "heavy_tail" -> heavyTail(choice.value());
            case "lognormal" -> lognormal(choice.value());
            default -> throw new IllegalStateException("kind=" + choice.kind());
        };
        return problems.count() > before ? null : service;
    }

    private long duration(String field, YamlNode node) {
        return Values.quantity(Quantity.DURATION, field, node, 1, MOST_NS, problems);
    }

    private ServiceTime uniform(YamlNode node) {
        Fields fields = new Fields("\"uniform\"", node, problems, List.of("min", "max"));
        fields.required("min");
        fields.required("max");
        long least = fields.duration("min", 1, MOST_NS, 1);
        return new ServiceTime.Uniform(least, fields.duration("max", least, MOST_NS, least));
    }

    private ServiceTime heavyTail(YamlNode node) {
        Fields fields = new Fields("\"heavy_tail\"", node, problems, List.of("min", "max", "alpha"));
        fields.required("min");
        fields.required("max");
        long least = fields.duration("min", 1, MOST_NS - 1, 1);
        long most = fields.duration("max", least + 1, MOST_NS, least + 1);
        return new ServiceTime.BoundedPareto(least, most, fields.number("alpha", 0.1, 10, 1.2));
    }

    private ServiceTime lognormal(YamlNode node) {
        Fields fields = new Fields("\"lognormal\"", node, problems, List.of("median", "sigma"));
        fields.required("median");
        return new ServiceTime.Lognormal(fields.duration("median", 1, MOST_NS, 1), fields.number("sigma", 0, 5, 1));
    }
}
