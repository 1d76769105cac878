package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How the plane stands, a line at a time: queues, and each tenant's rate since the line before and its latency. */
final class StatusView {
    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_US = 1e3;

    private final Session session;
    private final Map<String, Long> retired = new HashMap<>();
    private long lastNs = -1;
    /** Whether a device has not acknowledged the policy yet. */
    private boolean awaitsDevice;

    StatusView(Session session) {
        this.session = session;
    }

    /** Shows a status; true, so that more follow. */
    boolean show(JsonNode status) {
        if (session.json()) {
            session.printJson(status);
        } else {
            session.out().append(line(status)).append('\n');
            showDevice(status.path("device"));
        }
        session.out().flush();
        return true;
    }

    /**
     * Shows one every second.
     *
     * @param untilTrialEnds whether it is enough when no trial is under way
     */
    void follow(DaemonLink link, int seconds, boolean untilTrialEnds) {
        ObjectNode parameters = DaemonLink.parameters();
        parameters.put("count", seconds + 1L);
        int[] shown = {0};
        link.call("status.watch", parameters, status -> {
            boolean first = shown[0]++ == 0;
            return (first || show(status)) && (!untilTrialEnds || status.has("trial"));
        });
    }

    /** From here on a line tells when the device has acknowledged the policy, unless it has already or there is none. */
    void awaitDevice(JsonNode device) {
        awaitsDevice = device.isObject() && !DeviceText.isAcknowledged(device);
    }

    private void showDevice(JsonNode device) {
        if (awaitsDevice && device.isObject() && (DeviceText.isAcknowledged(device) || device.has("refused"))) {
            awaitsDevice = false;
            session.out().append(DeviceText.of(device)).append('\n');
        }
    }

    private String line(JsonNode status) {
        long now = status.path("deviceNs").asLong();
        List<String> parts = new ArrayList<>();
        parts.add(seconds(now) + "  " + status.path("policy").asString());
        parts.add("queued " + Text.grouped(status.path("queued").asLong()) + " running "
                + Text.grouped(status.path("running").asLong()));
        for (JsonNode tenant : status.path("tenants")) {
            String rate = rate(tenant, now);
            parts.add(tenant.path("name").asString() + (rate == null ? "" : " " + rate) + " p50 "
                    + duration(tenant.path("medianNs").asLong()) + " p99 "
                    + duration(tenant.path("p99Ns").asLong()));
        }
        if (status.has("trial")) {
            parts.add(ChangeText.trial(status.path("trial")));
        }
        lastNs = now;
        return String.join("  |  ", parts);
    }

    private @Nullable String rate(JsonNode tenant, long now) {
        String name = tenant.path("name").asString();
        long count = tenant.path("retired").asLong();
        Long before = retired.put(name, count);
        return before == null || now <= lastNs
                ? null
                : Text.grouped(Math.round((count - before) * NS_PER_S / (now - lastNs))) + "/s";
    }

    private static String seconds(long ns) {
        return tenths(ns / NS_PER_S) + " s";
    }

    /** A latency with a unit that suits it. */
    static String duration(long ns) {
        if (ns == 0) {
            return "-";
        } else if (ns < NS_PER_MS) {
            return tenths(ns / NS_PER_US) + " us";
        }
        return ns < NS_PER_S ? tenths(ns / NS_PER_MS) + " ms" : tenths(ns / NS_PER_S) + " s";
    }

    private static String tenths(double value) {
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
    }
}
