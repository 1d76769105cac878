package dev.gbpf.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.authority.Role;
import dev.gbpf.host.daemon.ConfigFile.Access;
import dev.gbpf.host.scenario.ScenarioException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    private static ConfigFile parse(String text) {
        return ConfigFile.parse(new SourceFile("daemon.yaml", text));
    }

    @Test
    void file_saysEverything() {
        assertThat(parse("""
                        socket: /run/gbpf/gbpf.sock
                        state: /var/lib/gbpf
                        group: gpu
                        device: interposed
                        device-runtime: gpu
                        scenario: two_tenants.yaml
                        policy: weighted_fair
                        speed: 0.5
                        cpu: 3
                        rehearse: true
                        metrics: 9477
                        keys: [ops.pub, lab.pub]
                        unsigned: allow
                        access:
                          - {user: alice, role: swap}
                          - {group: "1000", role: observe}
                        """))
                .isEqualTo(new ConfigFile(
                        "/run/gbpf/gbpf.sock",
                        "/var/lib/gbpf",
                        "gpu",
                        DeviceKind.INTERPOSED,
                        DeviceRuntimeKind.GPU,
                        "two_tenants.yaml",
                        "weighted_fair",
                        0.5,
                        3,
                        true,
                        9477,
                        List.of("ops.pub", "lab.pub"),
                        Optional.of(true),
                        List.of(new Access("alice", "", Role.SWAP), new Access("", "1000", Role.OBSERVE))));
    }

    @Test
    void fields_mayBeLeftOut() {
        assertThat(parse("speed: 1\n")).isEqualTo(ConfigFile.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "speed: 0 | E0807 | 1:8",
                "sped: 1 | E0803 | 1:1",
                "unsigned: maybe | E0806 | 1:11",
                "keys: ops.pub | E0805 | 1:7",
                "keys: [[x]] | E0805 | 1:8",
                "access: [{user: a}] | E0804 | 1:10",
                "access: [{role: swap}] | E0810 | 1:10",
                "'access: [{user: a, group: b, role: swap}]' | E0810 | 1:10",
                "'access: [{user: a, role: root}]' | E0806 | 1:26",
                "[] | E0805 | 1:1",
                "'socket: {' | E0802 | 1:10"
            })
    void otherFiles_areRefused(String text, String code, String place) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith("daemon.yaml:" + place + ": " + code);
    }
}
