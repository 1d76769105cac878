package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.authority.TrustPolicy;
import dev.gbpf.host.authority.VerifyingKey;
import dev.gbpf.host.cli.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys, signatures, and daemons that want them. */
@Timeout(60)
class SignCommandTest {
    @TempDir
    Path folder;

    private Result run(String... arguments) {
        return new Cli(folder)
                .environment(
                        Map.of("GBPF_SOCKET", folder.resolve("run/gbpf.sock").toString()))
                .run(arguments);
    }

    private String ok(String... arguments) {
        Result result = run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        return result.out();
    }

    private void prepare() throws Exception {
        Files.writeString(folder.resolve("good.gbpf"), Policies.GOOD);
        ok("compile", "good.gbpf");
        ok("key", "generate", "ops.key");
    }

    @Test
    void key_isItsOwnersAlone_andNotReplaced() throws Exception {
        prepare();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ops.key"))))
                .isEqualTo("rw-------");
        assertThat(ok("key", "show", "ops.key")).isEqualTo(ok("key", "show", "ops.key.pub"));
        assertThat(run("key", "generate", "ops.key").code()).isEqualTo(9);
        assertThat(run("key", "show", "good.gbpf").code()).isEqualTo(3);
        Files.setPosixFilePermissions(folder.resolve("ops.key"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(run("sign", "--key", "ops.key", "good.gbo")).isEqualTo(new Result(3, "", """
                        gbpf: error: others may read the private key ops.key
                          help: close it: chmod 600 ops.key
                        """));
    }

    @Test
    void signedObject_isReadByAllCommands() throws Exception {
        prepare();
        assertThat(ok("sign", "--key", "ops.key", "good.gbo"))
                .matches("good.signed.gbo: signed with key [0-9a-f]{16}\n");
        for (String command : List.of("verify", "disasm")) {
            assertThat(ok(command, "good.signed.gbo").replace(".signed", "")).isEqualTo(ok(command, "good.gbo"));
        }
        assertThat(run("sign", "--key", "ops.key", "good.gbpf").code()).isEqualTo(3);
        byte[] cut = Files.readAllBytes(folder.resolve("good.signed.gbo"));
        cut[cut.length - 12]++;
        Files.write(folder.resolve("cut.gbo"), cut);
        assertThat(run("verify", "cut.gbo").err()).contains("E0717");
    }

    @Test
    void daemon_takesOnlyWhatItsKeysSigned() throws Exception {
        prepare();
        ok("key", "generate", "other.key");
        ok("sign", "--key", "ops.key", "good.gbo");
        ok("sign", "--key", "other.key", "good.gbo", "-o", "other.gbo");
        VerifyingKey key = VerifyingKey.read(Files.readString(folder.resolve("ops.key.pub")));
        try (LocalDaemon daemon = new LocalDaemon(folder, new TrustPolicy(List.of(key), false))) {
            assertThat(run("policy", "load", "good.gbpf")).satisfies(r -> {
                assertThat(r.code()).isEqualTo(14);
                assertThat(r.err()).contains("has no signature", "gbpf sign");
            });
            assertThat(run("policy", "load", "other.gbo")).satisfies(r -> {
                assertThat(r.code()).isEqualTo(14);
                assertThat(r.err()).contains("is not trusted");
            });
            assertThat(ok("policy", "swap", "good.signed.gbo")).startsWith("bypass > good");
            assertThat(ok("policy", "show", "good")).contains("signed by key " + key.id());
            assertThat(daemon.log)
                    .anyMatch(l -> l.contains("refused policy good: it has no signature"))
                    .anyMatch(l -> l.contains("refused policy good: the key "));
        }
    }
}
