package dev.gbpf.host.cli;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.control.Protocol;
import dev.gbpf.host.engine.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf feature probe}: what this build and this machine can do. */
@Command(
        name = "probe",
        addMethodSubcommands = false,
        description = {
            "Says what this build can do (interface version, hooks, helpers, kinds of maps, engines) and what it finds on this"
                    + " machine: an NVIDIA driver, a daemon and what its JIT has compiled and kept."
        },
        footer = {"", "Example:", "  gbpf feature probe"})
final class FeatureProbeCommand implements Verb {
    private static final Path DRIVER = Path.of("/proc/driver/nvidia/version");

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    FeatureProbeCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.NO_DAEMON);
    }

    @Override
    public Integer call() {
        ObjectNode found = Session.object();
        found.put("abi", AbiVersion.CURRENT.toString());
        found.put("protocol", Protocol.VERSION);
        texts(found, "hooks", List.of(Hook.values()).stream().map(Hook::symbol).toList());
        texts(
                found,
                "maps",
                List.of(MapKind.values()).stream().map(MapKind::keyword).toList());
        found.put("helpers", Helper.values().length);
        texts(found, "engines", Engine.words());
        found.put("java", Runtime.version().toString());
        found.put("nvidiaDriver", Files.exists(DRIVER));
        Optional<DaemonLink> link = DaemonLink.find(session, daemon);
        found.put("daemon", link.isPresent());
        if (link.isPresent()) {
            try (DaemonLink open = link.get()) {
                JsonNode hello = open.call("hello");
                found.put("daemonPid", hello.path("pid").asLong());
                found.put("role", hello.path("role").asString());
                if (!hello.path("role").asString().equals("none")) {
                    found.set("codeCache", open.call("status").path("codeCache"));
                }
            }
        }
        if (session.json()) {
            session.printJson(found);
        } else {
            List<List<String>> rows = new ArrayList<>();
            for (Map.Entry<String, JsonNode> member : found.properties()) {
                rows.add(List.of(member.getKey(), text(member.getValue())));
            }
            session.out().append(Text.table(rows, false, false));
        }
        return ExitCode.OK.number();
    }

    private static void texts(ObjectNode node, String name, List<String> texts) {
        ArrayNode array = node.putArray(name);
        texts.forEach(array::add);
    }

    private static String text(JsonNode value) {
        if (value.isArray()) {
            List<String> words = new ArrayList<>();
            value.forEach(word -> words.add(word.asString()));
            return String.join(" ", words);
        } else if (value.isObject()) {
            List<String> figures = new ArrayList<>();
            value.properties().forEach(figure -> figures.add(figure.getKey() + " " + text(figure.getValue())));
            return String.join(", ", figures);
        } else if (value.isBoolean()) {
            return value.booleanValue() ? "yes" : "no";
        }
        return MapValue.text(value);
    }
}
