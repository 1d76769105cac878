package dev.gbpf.host.interpose;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.interpose.Report.Figure;
import dev.gbpf.host.observe.Metric;
import dev.gbpf.host.observe.MetricsSnapshot.Sample;
import dev.gbpf.host.queue.Tenant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the processes of each tenant have counted, those that are gone too. Of the plane's thread. */
final class Totals {
    private static final double NS_PER_S = 1e9;

    private final long[][] ofThoseGone = new long[Constants.MAX_TENANTS][Figure.values().length];

    /** A process leaves. */
    void left(Client client) {
        for (Figure figure : Figure.values()) {
            ofThoseGone[client.tenant()][figure.ordinal()] += client.report.figure(figure);
        }
    }

    private long total(Figure figure, int tenant, List<Client> clients) {
        long sum = ofThoseGone[tenant][figure.ordinal()];
        for (Client client : clients) {
            sum += client.tenant() == tenant ? client.report.figure(figure) : 0;
        }
        return sum;
    }

    Map<Metric, List<Sample>> samples(InterposedDevice device, List<Tenant> tenants) {
        List<Client> clients = device.clients();
        Map<Metric, List<Sample>> samples = new EnumMap<>(Metric.class);
        for (Tenant tenant : tenants) {
            int index = tenant.index();
            long launches = total(Figure.LAUNCHES, index, clients) + total(Figure.GRAPH_LAUNCHES, index, clients);
            long memory = clients.stream()
                    .filter(c -> c.tenant() == index)
                    .mapToLong(c -> c.report.memoryBytes())
                    .sum();
            long attached = clients.stream().filter(c -> c.tenant() == index).count();
            add(samples, Metric.APPLICATIONS, (double) attached, tenant);
            add(samples, Metric.APPLICATION_LAUNCHES, (double) launches, tenant);
            add(samples, Metric.APPLICATION_HELD, (double) total(Figure.HELD, index, clients), tenant);
            add(samples, Metric.APPLICATION_HELD_SECONDS, total(Figure.HELD_NS, index, clients) / NS_PER_S, tenant);
            add(samples, Metric.APPLICATION_FAIL_OPEN, (double) total(Figure.FAIL_OPEN, index, clients), tenant);
            add(samples, Metric.APPLICATION_MEMORY, (double) memory, tenant);
            add(samples, Metric.APPLICATION_DEVICE_SECONDS, device.usedNs(index) / NS_PER_S, tenant);
        }
        return samples;
    }

    private static void add(Map<Metric, List<Sample>> samples, Metric metric, double value, Tenant tenant) {
        samples.computeIfAbsent(metric, _ -> new ArrayList<>()).add(new Sample(List.of(tenant.name()), value));
    }
}
