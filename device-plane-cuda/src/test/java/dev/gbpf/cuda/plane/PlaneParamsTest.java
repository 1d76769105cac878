package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PlaneParamsTest {
    private record Wrong(String message, Consumer<PlaneParams.Builder> change) {}

    private static PlaneParams.Builder builder() {
        return new PlaneParams.Builder(4, 8);
    }

    @Test
    void params_ofABuilder_areUsual() {
        PlaneParams params = builder().vslices(1, 4).compactRing(0, 512).build();
        assertThat(params.vsliceEnds()).containsExactly(1, 4);
        assertThat(builder().build().vsliceEnds()).containsExactly(4);
        assertThat(params.rings()).hasSize(1);
    }

    @TestFactory
    List<DynamicTest> params_outOfRange_areRefusedByName() {
        return List.of(
                        new Wrong("workers=0: must be 1 to 256", b -> b.workers(0)),
                        new Wrong("workers=257: must be 1 to 256", b -> b.workers(257)),
                        new Wrong("warps=3: must be 4 to 32", b -> b.warps(3)),
                        new Wrong("warps=6 mailboxes=4: ", b -> b.warps(6).mailboxes(4)),
                        new Wrong("mailboxes=5: must be 0 to 4", b -> b.mailboxes(5)),
                        new Wrong("tenants=65: must be 1 to 64", b -> b.tenants(65)),
                        new Wrong("vsliceEnds=[1, 1, 4]: ", b -> b.vslices(1, 1, 4)),
                        new Wrong("vsliceEnds=[1, 3] workers=4: ", b -> b.vslices(1, 3)),
                        new Wrong("ringCapacity=100: must be a power of two, 64 to ", b -> b.ringCapacity(100)),
                        new Wrong("localCapacity=2048: must be a power of two, 64 to 1024", b -> b.localCapacity(2048)),
                        new Wrong("dependencies=32: ", b -> b.dependencies(32, 1)),
                        new Wrong("ownDependencies=65: must be 1 to 64", b -> b.dependencies(64, 65)),
                        new Wrong("descriptors=0: ", b -> b.descriptors(0)),
                        new Wrong(
                                "descriptors=64 tenants=33: ",
                                b -> b.tenants(33).descriptors(64)),
                        new Wrong("tick=10 ns: must be 1000 to 1000000000 ns", b -> b.tick(Duration.ofNanos(10))),
                        new Wrong("refresh=2000000000 ns: ", b -> b.refresh(Duration.ofSeconds(2))),
                        new Wrong("idleNap=-1 ns: ", b -> b.idleNap(Duration.ofNanos(-1))),
                        new Wrong("capacity of a ring=256: ", b -> b.compactRing(0, 256)),
                        new Wrong("tenant of a ring=1: must be 0 to 0", b -> b.fullRing(1, 512)),
                        new Wrong("rings=17: must be 0 to 16", b -> {
                            for (int i = 0; i < 17; i++) {
                                b.compactRing(0, 512);
                            }
                        }),
                        new Wrong("completionCapacity=3: ", b -> b.completions(3)))
                .stream()
                .map(wrong -> DynamicTest.dynamicTest(
                        wrong.message(),
                        () -> assertThatThrownBy(() -> {
                                    PlaneParams.Builder builder = builder();
                                    wrong.change().accept(builder);
                                    builder.build();
                                })
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageStartingWith(wrong.message())))
                .toList();
    }

    @Test
    void tenants_outOfRange_areRefused() {
        assertThatThrownBy(() -> new TenantConfig(0, 0, 0, 1)).hasMessage("weight=0: must be 1 to 1000000");
        assertThatThrownBy(() -> new TenantConfig(1, 1001, 0, 1)).hasMessage("priority=1001: must be 0 to 1000");
        assertThatThrownBy(() -> new TenantConfig(1, 0, -2, 1)).hasMessageStartingWith("quotaNs=-2");
        assertThatThrownBy(() -> new TenantConfig(1, 0, 0, 0x10000)).hasMessageStartingWith("vslices=0x10000");
    }
}
