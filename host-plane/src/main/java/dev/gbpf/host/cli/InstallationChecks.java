package dev.gbpf.host.cli;

import dev.gbpf.host.control.ControlClient;
import dev.gbpf.host.control.ControlClient.ReplyException;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.device.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code gbpf doctor} checks besides devices. */
final class InstallationChecks {
    private static final int JDK = 25;

    private InstallationChecks() {}

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
