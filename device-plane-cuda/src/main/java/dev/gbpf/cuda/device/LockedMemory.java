package dev.gbpf.cuda.device;

import dev.gbpf.host.device.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How much memory this process may keep from being paged out, which pinned memory is in some set-ups counted against. */
final class LockedMemory {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String NAME = "Max locked memory";
    /** What rings and mailboxes of a full machine take, and more. */
    private static final long ENOUGH = 64L << 20;

    private LockedMemory() {}

    /** What the limit is good for; nothing where the system does not tell. */
    static Optional<Check> check() {
        try {
            return Files.readAllLines(LIMITS).stream()
                    .filter(line -> line.startsWith(NAME))
                    .findFirst()
                    .map(line -> check(line.substring(NAME.length()).strip().split(" +", -1)[0]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * What a limit is good for.
     *
     * @param soft {@code unlimited}, or bytes
     */
    static Check check(String soft) {
        String name = "locked memory";
        if (soft.equals("unlimited")) {
            return Check.ok(name, "unlimited");
        }
        long bytes = Long.parseLong(soft);
        String found = (bytes >> 10) + " KiB";
        return bytes >= ENOUGH
                ? Check.ok(name, found)
                : Check.warn(
                        name, found, "ulimit -l unlimited, or LimitMEMLOCK=infinity in the unit, lets more be pinned");
    }
}
