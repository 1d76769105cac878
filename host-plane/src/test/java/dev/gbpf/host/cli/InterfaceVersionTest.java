package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects for interface versions that this build does not run are refused in words, wherever they are used. */
class InterfaceVersionTest {
    private static final AbiVersion NEWER = new AbiVersion(AbiVersion.CURRENT.major(), AbiVersion.CURRENT.minor() + 1);
    private static final String MESSAGE = "the object was compiled for interface " + NEWER + ", this build runs "
            + AbiVersion.CURRENT.major() + ".0 to " + AbiVersion.CURRENT;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private static PolicyObject object(AbiVersion abi) {
        return new PolicyObject("newer", abi, List.of(), List.of(), null);
    }

    @BeforeEach
    void write() throws IOException {
        Files.write(directory.resolve("newer.gbo"), ObjectWriter.write(object(NEWER)));
    }

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }

    @Test
    void verify_newerObject_saysBothVersions() {
        Result result = run("verify", "newer.gbo");
        assertThat(result.code()).isEqualTo(ExitCode.INPUT.number());
        assertThat(result.err()).startsWith("error[E0703]").contains(MESSAGE, "newer.gbo");
        assertThat(run("disasm", "newer.gbo").err()).contains("E0703", MESSAGE);
    }

    @Test
    void run_newerObject_saysBothVersions() throws IOException {
        Files.writeString(directory.resolve("s.yaml"), """
                name: newer
                duration: 10ms
                device: {preset: h200}
                tenants: [{name: one}]
                workload: [{tenant: one, arrivals: 1000/s, service: 100us}]
                policy: newer.gbo
                """);
        Result result = run("run", "s.yaml");
        assertThat(result.code()).isEqualTo(ExitCode.INPUT.number());
        assertThat(result.err()).startsWith("error[E0703]").contains(MESSAGE);
    }

    @Test
    void load_anotherInterface_isARejection() {
        try (MapRegistry maps = new MapRegistry()) {
            ImageLoader loader = new ImageLoader(maps);
            for (AbiVersion abi : List.of(NEWER, new AbiVersion(AbiVersion.CURRENT.major() + 1, 0))) {
                assertThat(loader.load(object(abi))).isInstanceOfSatisfying(LoadResult.Rejected.class, rejected -> {
                    assertThat(rejected.diagnostics().getFirst().code()).isEqualTo("V0080");
                    assertThat(rejected.diagnostics().getFirst().notes().getFirst())
                            .contains("interface " + abi + ",", AbiVersion.CURRENT.toString());
                });
            }
            LoadResult older = loader.load(object(new AbiVersion(AbiVersion.CURRENT.major(), 0)));
            assertThat(older).isInstanceOf(LoadResult.Loaded.class);
            ((LoadResult.Loaded) older).image().discard();
        }
    }
}
