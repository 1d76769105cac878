package dev.gbpf.host.authority;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which role a user has: the greatest that a rule gives to the user or its group. The owner, who runs the plane, and root have
 * all roles: either could replace the process by one that asks nobody.
 *
 * @param owner who runs the plane
 * @param root the user of number 0
 * @param rules the others'
 */
public record AccessRules(UserPrincipal owner, UserPrincipal root, List<Rule> rules) {
    public AccessRules {
        rules = List.copyOf(rules);
    }

    /** Gives a role to somebody. */
    public sealed interface Rule {
        Role role();

        /** To a user. */
        record OfUser(UserPrincipal user, Role role) implements Rule {}

        /** To all whose primary group it is. */
        record OfGroup(GroupPrincipal group, Role role) implements Rule {}
    }

    /** The role of a user; nothing when it has none. */
    public Optional<Role> role(UserPrincipal user, GroupPrincipal group) {
        if (user.equals(owner) || user.equals(root)) {
            return Optional.of(Role.LOAD);
        }
        return rules.stream()
                .flatMap(rule -> switch (rule) {
                    case Rule.OfUser(UserPrincipal named, Role role) ->
                        named.equals(user) ? Stream.of(role) : Stream.empty();
                    case Rule.OfGroup(GroupPrincipal named, Role role) ->
                        named.equals(group) ? Stream.of(role) : Stream.empty();
                })
                .max(Role::compareTo);
    }
}
