package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a policy costs at most is kept in its image, and told by the plane that runs it. */
class CertificateTest {
    private static final SourceFile POLICY = new SourceFile("p.gbpf", """
            policy p;
            map m: array<u64>[8];
            hook init(ctx) {
                for i in 0..8 { m[i] = i; }
            }
            hook on_dispatch(ctx) { return IDLE; }
            hook cta_admit(ctx) { return START; }
            """);

    private static PolicyObject object() {
        CompileResult compiled = PolicyCompiler.compile(POLICY);
        assertThat(compiled).isInstanceOf(CompileResult.Compiled.class);
        return ((CompileResult.Compiled) compiled).object();
    }

    @Test
    void image_hasWhatTheVerifierProved_ofHostAndDeviceHooks() {
        PolicyObject object = object();
        try (MapRegistry maps = new MapRegistry()) {
            PolicyImage image = load(object, maps);
            assertThat(new Verifier().verify(object))
                    .isInstanceOfSatisfying(
                            VerificationResult.Accepted.class,
                            accepted -> assertThat(accepted.certificates())
                                    .containsExactlyElementsOf(
                                            image.certificates().values()));
            assertThat(image.certificates()).containsOnlyKeys(Hook.INIT, Hook.ON_DISPATCH, Hook.CTA_ADMIT);
            image.discard();
        }
    }

    @Test
    void plane_tellsTheCertificatesOfThePolicyThatDecides() {
        List<Tenant> tenants = List.of(new Tenant(0, "a", 1, 0));
        try (MapRegistry maps = new MapRegistry();
                PolicyPlane plane = new PolicyPlane(
                        new PlaneConfig(tenants, 1, 1_000_000), new ManualDevice(1, 100), () -> 0, new PlaneAudit())) {
            assertThat(plane.certificates()).isEmpty();
            PolicyImage image = load(object(), maps);
            plane.activate(image, ActivationReason.START);
            assertThat(plane.certificates()).isEqualTo(image.certificates()).isNotEmpty();
            plane.bypass("test");
            assertThat(plane.certificates()).isEmpty();
        }
    }

    private static PolicyImage load(PolicyObject object, MapRegistry maps) {
        LoadResult loaded = new ImageLoader(maps).load(object);
        assertThat(loaded).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) loaded).image();
    }
}
