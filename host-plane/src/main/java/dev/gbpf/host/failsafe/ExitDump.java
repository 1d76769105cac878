package dev.gbpf.host.failsafe;

import dev.gbpf.host.failsafe.ExitScene.CollectiveState;
import dev.gbpf.host.failsafe.ExitScene.EntryState;
import dev.gbpf.host.failsafe.ExitScene.MapState;
import dev.gbpf.host.failsafe.ExitScene.QueueState;
import dev.gbpf.host.failsafe.ExitScene.TenantState;
import dev.gbpf.host.failsafe.ExitScene.VsliceState;
import dev.gbpf.host.observe.Decision;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes exit information as JSON. {@code docs/failsafe.md} describes the document. */
final class ExitDump {
    /** Longest document. */
    static final int MAX_CHARACTERS = 1 << 20;

    private static final int MAX_TEXT = 4_096;
    private static final int MAX_MAPS = 64;
    private static final String FORMAT = "gbpf-exit-1";
    private static final JsonFactory JSON = new JsonFactory();

    private ExitDump() {}

    /**
     * The document. Its lists are bounded so that it fits: {@value ExitScene#QUEUES} queues of about 200 characters,
     * {@value ExitScene#DECISIONS} decisions of about 150, 64 maps of {@value ExitScene#MAP_ENTRIES} entries of about 280. Should
     * it not, maps are left out.
     */
    static String write(ExitInfo exit) {
        String whole = write(exit, true);
        return whole.length() <= MAX_CHARACTERS ? whole : write(exit, false);
    }

    private static String write(ExitInfo exit, boolean withMaps) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            head(json, exit);
            FaultSite site = exit.trip().site();
            if (site != null) {
                site(json, site);
            }
            ExitScene scene = exit.scene();
            json.writeObjectPropertyStart("counters");
            scene.counters().forEach(json::writeNumberProperty);
            json.writeEndObject();
            queues(json, scene.queues());
            json.writeNumberProperty("queues_left_out", scene.queuesLeftOut());
            tenants(json, scene.tenants());
            vslices(json, scene.vslices());
            collectives(json, scene.collectives());
            decisions(json, scene.decisions());
            int shown = withMaps ? Math.min(MAX_MAPS, scene.maps().size()) : 0;
            maps(json, scene.maps().subList(0, shown));
            json.writeNumberProperty("maps_left_out", scene.maps().size() - shown);
            json.writeEndObject();
        }
        return text.toString();
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
    }

    private static void head(JsonGenerator json, ExitInfo exit) {
        json.writeStringProperty("format", FORMAT);
        json.writeNumberProperty("at_ns", exit.atNs());
        json.writeStringProperty("policy", cut(exit.policy()));
        json.writeStringProperty("tag", exit.tag());
        json.writeStringProperty("kind", exit.trip().kind().word());
        json.writeNumberProperty("code", exit.trip().kind().code());
        json.writeBooleanProperty("blames_policy", exit.trip().kind().blamesPolicy());
        json.writeBooleanProperty("quarantined", exit.quarantined());
        json.writeStringProperty("reason", cut(exit.trip().reason()));
    }

    private static void site(JsonGenerator json, FaultSite site) {
        json.writeObjectPropertyStart("site");
        json.writeStringProperty("hook", site.hook().symbol());
        if (site.pc() >= 0) {
            json.writeNumberProperty("pc", site.pc());
        }
        json.writeStringProperty("what", cut(site.what()));
        if (!site.registers().isEmpty()) {
            json.writeArrayPropertyStart("registers");
            site.registers().forEach(r -> json.writeString("0x" + Long.toHexString(r)));
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void queues(JsonGenerator json, List<QueueState> queues) {
        json.writeArrayPropertyStart("queues");
        for (QueueState queue : queues) {
            json.writeStartObject();
            json.writeNumberProperty("id", queue.id());
            json.writeStringProperty("order", queue.order());
            json.writeNumberProperty("length", queue.length());
            if (queue.heldUntilNs() == Long.MAX_VALUE) {
                json.writeStringProperty("held_until", "event");
            } else if (queue.heldUntilNs() != Long.MIN_VALUE) {
                json.writeNumberProperty("held_until_ns", queue.heldUntilNs());
            }
            json.writeObjectPropertyStart("head");
            json.writeNumberProperty("job", queue.headJob());
            json.writeNumberProperty("tenant", queue.headTenant());
            json.writeNumberProperty("submitted_ns", queue.headSubmittedNs());
            json.writeStringProperty("vtime", Long.toUnsignedString(queue.headVtime()));
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void tenants(JsonGenerator json, List<TenantState> tenants) {
        json.writeArrayPropertyStart("tenants");
        for (TenantState tenant : tenants) {
            json.writeStartObject();
            json.writeStringProperty("name", cut(tenant.name()));
            json.writeNumberProperty("weight", tenant.weight());
            json.writeNumberProperty("priority", tenant.priority());
            json.writeNumberProperty("waiting", tenant.waiting());
            json.writeNumberProperty("inflight", tenant.inflight());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void vslices(JsonGenerator json, List<VsliceState> vslices) {
        json.writeArrayPropertyStart("vslices");
        for (VsliceState vslice : vslices) {
            json.writeStartObject();
            json.writeNumberProperty("sms", vslice.sms());
            json.writeNumberProperty("room", vslice.room());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void collectives(JsonGenerator json, List<CollectiveState> collectives) {
        json.writeArrayPropertyStart("collectives");
        for (CollectiveState operation : collectives) {
            json.writeStartObject();
            json.writeNumberProperty("communicator", operation.communicator());
            json.writeNumberProperty("operation", operation.operation());
            json.writeNumberProperty("ranks", operation.ranks());
            json.writeNumberProperty("entered", operation.entered());
            json.writeNumberProperty("started", operation.started());
            json.writeNumberProperty("over", operation.over());
            json.writeNumberProperty("entered_ns", operation.enteredNs());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void decisions(JsonGenerator json, List<Decision> decisions) {
        json.writeArrayPropertyStart("decisions");
        for (Decision decision : decisions) {
            json.writeStartObject();
            json.writeNumberProperty("at_ns", decision.atNs());
            json.writeStringProperty("hook", decision.hook().symbol());
            json.writeNumberProperty("image", decision.image());
            if (decision.hasJob()) {
                json.writeNumberProperty("tenant", decision.tenant());
                json.writeNumberProperty("job", decision.job());
            }
            json.writeNumberProperty("verdict", decision.verdict());
            if (decision.isTimed()) {
                json.writeNumberProperty("duration_ns", decision.durationNs());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void maps(JsonGenerator json, List<MapState> maps) {
        json.writeArrayPropertyStart("maps");
        for (MapState map : maps) {
            json.writeStartObject();
            json.writeStringProperty("name", cut(map.name()));
            json.writeStringProperty("kind", map.kind());
            json.writeNumberProperty("entries", map.entries());
            json.writeNumberProperty("failed_updates", map.failedUpdates());
            json.writeArrayPropertyStart("first");
            for (EntryState entry : map.first()) {
                json.writeStartObject();
                json.writeStringProperty("key", entry.key());
                json.writeStringProperty("value", entry.value());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
