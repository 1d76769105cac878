package dev.gbpf.host.authority;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;

/** Users and groups of the machine, by name or number. */
public final class Principals {
    private static final Path SELF = Path.of("/proc/self");

    private Principals() {}

    /** Who this process runs as. */
    public static UserPrincipal self() throws IOException {
        return Files.exists(SELF) ? Files.getOwner(SELF) : user(System.getProperty("user.name", ""));
    }

    /** The user of number 0. */
    public static UserPrincipal root() throws IOException {
        return user("0");
    }

    /**
     * A user.
     *
     * @param name a name, or a number
     * @throws IOException when there is none
     */
    public static UserPrincipal user(String name) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
    }

    /**
     * A group.
     *
     * @param name a name, or a number
     * @throws IOException when there is none
     */
    public static GroupPrincipal group(String name) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
    }
}
