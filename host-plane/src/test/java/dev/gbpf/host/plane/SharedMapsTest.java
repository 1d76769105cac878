package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.CountersMap;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.map.SnapshotMap;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.Guards;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The plane brings maps that host and device share up to date. */
class SharedMapsTest {
    private static final String POLICY = """
            policy p;
            map weights: snapshot<u64>[4];
            map granted: counters<u64>[4];
            hook init(ctx) { weights[3] = 5; }
            hook on_tick(ctx) { weights[0] = granted[0] + VERSION; }
            hook sm_tick(ctx) { ctx.share = weights[0]; granted[0] += 1; return REFILL; }
            """;

    private final MapRegistry maps = new MapRegistry();
    private final PolicyPlane plane = new PolicyPlane(
            new PlaneConfig(List.of(new Tenant(0, "a", 1, 0)), 1, 1_000_000),
            new ManualDevice(1, 100),
            () -> 0,
            new PlaneAudit());

    @AfterEach
    void close() {
        plane.close();
        maps.close();
    }

    private void swap(String source, SwapMode mode) {
        CompileResult compiled = PolicyCompiler.compile(new SourceFile("p.gbpf", source));
        assertThat(compiled).isInstanceOf(CompileResult.Compiled.class);
        LoadResult loaded = new ImageLoader(maps)
                .load(
                        ((CompileResult.Compiled) compiled).object(),
                        mode instanceof SwapMode.Trial ? MapUse.COPIED : MapUse.SHARED);
        assertThat(loaded).isInstanceOf(LoadResult.Loaded.class);
        PolicyImage image = ((LoadResult.Loaded) loaded).image();
        assertThat(plane.apply(new SwapCommand.Swap(new SwapRequest(image, mode, false))))
                .isNotInstanceOf(SwapOutcome.Refused.class);
    }

    private void swap(int version) {
        swap(POLICY.replace("VERSION", Integer.toString(version)), new SwapMode.Immediate());
    }

    private BpfMap map(String name) {
        return maps.maps("p").stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long published(SnapshotMap map, int index) {
        byte[] copy = new byte[(int) map.bytes()];
        map.copyTo(MemorySegment.ofArray(copy));
        return ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * index);
    }

    @Test
    void snapshot_isPublishedAtActivation_andAtTicksWhenItChanged() {
        swap(0);
        SnapshotMap weights = (SnapshotMap) map("weights");
        assertThat(weights.version()).isEqualTo(1);
        assertThat(published(weights, 3)).isEqualTo(5);
        plane.tick();
        assertThat(weights.version()).isEqualTo(1);
        weights.put(2, new byte[] {9, 0, 0, 0, 0, 0, 0, 0}, BpfMap.ANY);
        assertThat(published(weights, 2)).isZero();
        plane.tick();
        plane.tick();
        assertThat(weights.version()).isEqualTo(2);
        assertThat(published(weights, 2)).isEqualTo(9);
    }

    @Test
    void programs_seeTheSumsOfTheTick_andSwapsKeepBothMaps() {
        swap(0);
        SnapshotMap weights = (SnapshotMap) map("weights");
        CountersMap granted = (CountersMap) map("granted");
        AtomicLong device = new AtomicLong(40);
        granted.attach(sums -> {
            sums[0] += device.get();
            return true;
        });
        plane.tick();
        assertThat(published(weights, 0)).isEqualTo(40);
        swap(1000);
        assertThat(map("granted")).isSameAs(granted);
        assertThat(map("weights")).isSameAs(weights);
        device.set(50);
        plane.tick();
        assertThat(published(weights, 0)).isEqualTo(1050);
    }

    @Test
    void trial_hasASnapshotOfItsOwn_andTheSameCounters() {
        swap(0);
        SnapshotMap weights = (SnapshotMap) map("weights");
        ((CountersMap) map("granted")).attach(sums -> {
            sums[0] += 7;
            return true;
        });
        swap(
                POLICY.replace("VERSION", "500"),
                new SwapMode.Shadow(SwapMode.UNTIL_TOLD, SwapMode.AtEnd.DROP, Guards.NONE, false));
        plane.tick();
        assertThat(published(weights, 0)).isEqualTo(7);
        plane.apply(new SwapCommand.Promote());
        plane.tick();
        assertThat(published((SnapshotMap) map("weights"), 0)).isEqualTo(507);
    }
}
