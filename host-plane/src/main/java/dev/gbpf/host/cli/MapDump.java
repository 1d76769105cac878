package dev.gbpf.host.cli;

import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.daemon.MapView;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.scenario.RunObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import tools.jackson.databind.JsonNode;

/** What the maps of runs hold when they are over, as text. */
final class MapDump implements RunObserver {
    /** Entries of a map that are shown, at most. */
    private static final int LIMIT = 1_000;

    private final Map<String, String> texts = new ConcurrentSkipListMap<>();

    @Override
    public void ended(String policy, MapRegistry maps) {
        StringBuilder text = new StringBuilder();
        for (String owner : maps.policies()) {
            for (BpfMap map : maps.maps(owner)) {
                write(new MapView(owner, map), text);
            }
        }
        texts.put(policy, text.toString());
    }

    private static void write(MapView view, StringBuilder text) {
        JsonNode what = view.describe();
        text.append(view.policy())
                .append('.')
                .append(view.map().name())
                .append(" (")
                .append(what.path("kind").asString())
                .append(")\n");
        try {
            JsonNode dump = view.dump(LIMIT);
            dump.path("entries")
                    .forEach(entry ->
                            text.append("  ").append(MapValue.entry(entry)).append('\n'));
            if (dump.path("more").asBoolean()) {
                text.append("  ...\n");
            }
        } catch (RequestException e) {
            text.append("  (").append(e.message()).append(")\n");
        }
    }

    /** The maps of all runs; each run under its policy when there are several. */
    String text() {
        StringBuilder out = new StringBuilder();
        texts.forEach((policy, text) -> out.append(texts.size() > 1 ? "\nmaps after " + policy + "\n" : "\nmaps\n")
                .append(text.isEmpty() ? "  none\n" : text));
        return out.toString();
    }
}
