package dev.gbpf.host.cli;

import dev.gbpf.host.control.ControlClient;
import dev.gbpf.host.control.ControlClient.ReplyException;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.device.Check;
import dev.gbpf.host.interpose.AttachSocket;
import dev.gbpf.host.interpose.ClientLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What {@code gbpf doctor} checks besides devices. */
final class InstallationChecks {
    private static final int JDK = 25;

    /** What keeps a stream out of a partition of the SMs. */
    private static final String UNCONFINED =
            "default streams, blocking ones, and those made before the partition was set have all SMs";

    private static final Map<String, LeverWords> LEVER_WORDS = Map.of(
            "partition",
            new LeverWords(
                    "streams that are to run on a part of the SMs run on all: " + UNCONFINED,
                    UNCONFINED,
                    "the driver has no green contexts"));

    private InstallationChecks() {}

    /**
     * What a lever's states mean for whoever runs the plane.
     *
     * @param refused also where it has no effect
     * @param partly empty where that goes without saying
     * @param absent likewise
     */
    private record LeverWords(String refused, String partly, String absent) {
        static final LeverWords OF_MOST = new LeverWords("policies that use it have no effect there", "", "");
    }

    static Check java() {
        Runtime.Version version = Runtime.version();
        String found = version + ", " + System.getProperty("java.vm.name") + ", " + System.getProperty("java.home");
        if (version.feature() < JDK) {
            return Check.fail("java", found, "install a JDK 25, and name it by GBPF_JAVA_HOME");
        }
        return InstallationChecks.class.getModule().isNativeAccessEnabled()
                ? Check.ok("java", found)
                : Check.warn(
                        "java",
                        found + ", without --enable-native-access",
                        "start gBPF by its launcher, or add --enable-native-access=ALL-UNNAMED");
    }

    static Check build() {
        String version = new Version().getVersion()[0];
        return System.getProperty("gbpf.launcher") == null
                ? Check.warn(
                        "build",
                        version + ", started without the launcher",
                        "start it as gbpf, which builds what is out of date")
                : Check.ok("build", version);
    }

    /** What {@code gbpf exec} needs. */
    static Check library() {
        String name = "library for CUDA applications";
        return ClientLibrary.isBuilt()
                ? Check.ok(name, "comes with this build")
                : Check.warn(
                        name,
                        "this build has none: gbpf exec cannot put applications under policy",
                        "build gBPF on a Linux machine with gcc");
    }

    /** Whether applications can attach, and what has effect in those that have. */
    static List<Check> applications(Path control) {
        Path path = AttachSocket.beside(control.toAbsolutePath());
        String name = "socket for applications";
        if (!AttachSocket.isServed(path)) {
            return List.of(
                    Check.ok(name, path + ": no daemon for applications runs (gbpf daemon --device interposed)"));
        }
        List<Check> checks = new ArrayList<>();
        try (ControlClient client = ControlClient.connect(control)) {
            JsonNode tenants = client.call("tenant.list", Messages.object());
            int processes = 0;
            Map<String, Map<String, Integer>> levers = new LinkedHashMap<>();
            for (JsonNode tenant : tenants) {
                for (JsonNode process : tenant.path("processes")) {
                    processes++;
                    process.path("levers")
                            .properties()
                            .forEach(lever -> levers.computeIfAbsent(lever.getKey(), _ -> new TreeMap<>())
                                    .merge(lever.getValue().asString(), 1, Integer::sum));
                }
            }
            checks.add(Check.ok(name, path + ": a daemon lets them attach; " + Text.count(processes, "application")));
            levers.forEach((lever, states) -> checks.add(lever(lever, states)));
        } catch (IOException e) {
            checks.add(Check.warn(name, path + ": " + e.getMessage(), "see the daemon's log"));
        } catch (ReplyException e) {
            checks.add(Check.warn(name, path + ": the daemon refuses: " + e.message(), e.help()));
        }
        return checks;
    }

    /** How a lever fares: in how many applications it is in which state. */
    static Check lever(String lever, Map<String, Integer> states) {
        String name = "lever " + lever;
        String found = String.join(
                ", ",
                states.entrySet().stream()
                        .map(state -> state.getKey() + " in " + Text.count(state.getValue(), "application"))
                        .toList());
        LeverWords words = LEVER_WORDS.getOrDefault(lever, LeverWords.OF_MOST);
        if (states.containsKey("refused") || states.containsKey("no-effect")) {
            return Check.warn(name, found, words.refused);
        }
        String why = states.containsKey("partly") ? words.partly : states.containsKey("absent") ? words.absent : "";
        return Check.ok(name, why.isEmpty() ? found : found + ": " + why);
    }

    /** Whether a daemon answers at its socket, or could serve it. */
    static Check socket(Path path) {
        String name = "daemon's socket";
        if (Files.exists(path)) {
            try (ControlClient client = ControlClient.connect(path)) {
                String role =
                        client.call("hello", Messages.object()).path("role").asString();
                return Check.ok(name, path + ": a daemon answers, and gives you the role " + role);
            } catch (IOException e) {
                return Files.isWritable(path)
                        ? Check.warn(
                                name,
                                path + " is there, and no daemon answers",
                                "a daemon that starts there takes it over: gbpf daemon")
                        : Check.fail(
                                name,
                                path + " is there, and you may not use it",
                                "have its owner give you its group (group in the daemon's configuration)");
            } catch (ReplyException e) {
                return Check.fail(name, path + ": the daemon refuses: " + e.message(), e.help());
            }
        }
        Path folder = path.toAbsolutePath().getParent();
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        return folder != null && Files.isDirectory(folder) && Files.isWritable(folder)
                ? Check.ok(name, path + ": no daemon runs, and one may")
                : Check.warn(
                        name,
                        path + ": no daemon runs, and you may not start one, since " + folder + " is not writable",
                        "name another by --socket or GBPF_SOCKET");
    }
}
