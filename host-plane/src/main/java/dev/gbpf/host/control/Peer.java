package dev.gbpf.host.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Who is at the other end of a connection, as the kernel says it.
 *
 * @param user the user, by its number
 * @param group the group, by its number
 * @param connection number of the connection, from 1
 */
public record Peer(UserPrincipal user, GroupPrincipal group, long connection) {
    static Peer of(SocketChannel channel, long connection) throws IOException {
        UnixDomainPrincipal principal = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return new Peer(principal.user(), principal.group(), connection);
    }

    @Override
    public String toString() {
        return "client " + connection + ", user " + user.getName() + ", group " + group.getName();
    }
}
