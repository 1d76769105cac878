package dev.gbpf.host.authority;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.authority.AccessRules.Rule;
import java.io.IOException;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessRulesTest {
    private final UserPrincipal owner = Principals.user("4001");
    private final UserPrincipal alice = Principals.user("4002");
    private final UserPrincipal bob = Principals.user("4003");
    private final GroupPrincipal staff = Principals.group("4100");
    private final GroupPrincipal other = Principals.group("4101");
    private final AccessRules rules = new AccessRules(
            owner,
            Principals.root(),
            List.of(
                    new Rule.OfUser(alice, Role.SWAP),
                    new Rule.OfGroup(staff, Role.OBSERVE),
                    new Rule.OfUser(alice, Role.OBSERVE)));

    AccessRulesTest() throws IOException {}

    @Test
    void ownerAndRoot_mayEverything() throws IOException {
        assertThat(rules.role(owner, other)).contains(Role.LOAD);
        assertThat(rules.role(Principals.user("0"), other)).contains(Role.LOAD);
    }

    @Test
    void others_haveTheGreatestRoleThatARuleGivesThem() {
        assertThat(rules.role(alice, staff)).contains(Role.SWAP);
        assertThat(rules.role(bob, staff)).contains(Role.OBSERVE);
        assertThat(rules.role(bob, other)).isEmpty();
    }

    @Test
    void roles_coverTheOnesBefore() {
        assertThat(Role.LOAD.covers(Role.OBSERVE)).isTrue();
        assertThat(Role.SWAP.covers(Role.SWAP)).isTrue();
        assertThat(Role.OBSERVE.covers(Role.SWAP)).isFalse();
        assertThat(Role.byWord("swap")).contains(Role.SWAP);
        assertThat(Role.byWord("admin")).isEmpty();
    }
}
