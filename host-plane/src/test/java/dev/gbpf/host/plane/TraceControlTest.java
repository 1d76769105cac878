package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.observe.Decision;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** OBS_CTRL sets how many decisions are traced. */
class TraceControlTest {
    private static final String TRACED = """
            policy traced;
            struct Control { trace_one_of: u64, traced: u64 }
            map OBS_CTRL: array<Control>[1];
            hook init(ctx) { OBS_CTRL[0].trace_one_of = FIRST; }
            hook on_tick(ctx) { log(1, ctx.tick); }
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

    private void swap(String source) {
        CompileResult compiled = PolicyCompiler.compile(new SourceFile("p.gbpf", source));
        assertThat(compiled).isInstanceOf(CompileResult.Compiled.class);
        LoadResult loaded = new ImageLoader(maps).load(((CompileResult.Compiled) compiled).object());
        assertThat(loaded).isInstanceOf(LoadResult.Loaded.class);
        assertThat(plane.apply(new SwapCommand.Swap(
                        new SwapRequest(((LoadResult.Loaded) loaded).image(), new SwapMode.Immediate(), true))))
                .isInstanceOf(SwapOutcome.Activated.class);
    }

    private long ticks(int count) {
        long before = plane.observation().trace().written();
        for (int i = 0; i < count; i++) {
            plane.tick();
        }
        return plane.observation().trace().written() - before;
    }

    private BpfMap control() {
        return maps.maps("traced").getFirst();
    }

    private void set(long oneOf) {
        ByteBuffer value =
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(oneOf);
        control().put(0, value.array(), BpfMap.ANY);
    }

    @Test
    void policy_saysFromItsInitOn_andUserSpaceAtTheNextTick() {
        swap(TRACED.replace("FIRST", "4"));
        assertThat(ticks(40)).isEqualTo(10);
        assertThat(plane.observation().trace().newest(1))
                .extracting(Decision::hook)
                .containsExactly(Hook.ON_TICK);
        set(0);
        ticks(1);
        assertThat(ticks(20)).isZero();
        set(1);
        ticks(1);
        assertThat(ticks(20)).isEqualTo(20);
        ByteBuffer value = ByteBuffer.wrap(control().get(0).orElseThrow()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(value.getLong(8)).isEqualTo(plane.observation().trace().written());
        set(-1);
        ticks(2);
        assertThat(ticks(50)).as("one of very many").isZero();
    }

    @Test
    void policyWithoutTheMap_isTracedAsThePlaneIsTold() {
        plane.observation().trace(2);
        swap(TRACED.replace("FIRST", "0"));
        assertThat(ticks(10)).isZero();
        swap("policy plain; hook on_tick(ctx) { log(1, ctx.tick); }");
        assertThat(ticks(10)).isEqualTo(5);
    }
}
