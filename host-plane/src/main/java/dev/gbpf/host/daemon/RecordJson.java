package dev.gbpf.host.daemon;

import dev.gbpf.host.control.Messages;
import dev.gbpf.host.record.Activation;
import dev.gbpf.host.record.Outcome;
import dev.gbpf.host.record.Quarantined;
import dev.gbpf.host.record.StoredPolicy;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Records as JSON. */
final class RecordJson {
    private RecordJson() {}

    /**
     * An activation.
     *
     * @param report what was found at its end, if it is to be shown
     */
    static ObjectNode of(Activation activation, Optional<String> report) {
        Activation.Start start = activation.start();
        ObjectNode node = Messages.object();
        node.put("number", activation.id());
        node.put("at", start.at().toString());
        node.put("by", start.by());
        node.put("policy", activation.policy());
        node.put("tag", start.hash().tag());
        node.put("reason", start.reason());
        node.put("mode", start.mode());
        if (!start.detail().isEmpty()) {
            node.set("start", Messages.kept(start.detail()));
        }
        activation.outcome().ifPresent(outcome -> node.set("end", end(outcome, report)));
        return node;
    }

    private static ObjectNode end(Outcome outcome, Optional<String> report) {
        ObjectNode node = Messages.object();
        node.put("at", outcome.at().toString());
        node.put("kind", outcome.kind().word());
        node.put("by", outcome.by());
        node.put("why", outcome.detail());
        node.put("decisions", outcome.decisions());
        report.ifPresent(document -> node.set("report", Messages.kept(document)));
        return node;
    }

    static ObjectNode of(StoredPolicy policy) {
        return Messages.object()
                .put("name", policy.name())
                .put("tag", policy.hash().tag())
                .put("hash", policy.hash().hex())
                .put("bytes", policy.bytes())
                .put("storedAt", policy.stored().toString());
    }

    static ObjectNode of(Quarantined policy) {
        return Messages.object()
                .put("name", policy.policy())
                .put("tag", policy.tag())
                .put("since", policy.since().toString())
                .put("reason", policy.reason());
    }
}
