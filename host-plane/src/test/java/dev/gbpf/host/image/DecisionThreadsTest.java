package dev.gbpf.host.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Hook;
import dev.gbpf.bench.InstantServices;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.CodeCache;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.Epochs;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One image on several decision threads. */
class DecisionThreadsTest {
    private static final int THREADS = 4;
    private static final int RUNS = 5_000;

    private static final String POLICY = """
            policy threads;
            map own: percpu_array<u64>[1];
            map cpus: array<u64>[64];
            map keys: hash<u64, u64>[32];

            hook on_tick(ctx) {
                own[0] += 1;
                cpus[get_smp_processor_id() & 63] = 1;
                keys[ctx.tick & 15] = ctx.tick;
                delete keys[(ctx.tick + 7) & 15];
            }
            """;

    @ParameterizedTest
    @EnumSource(Engine.class)
    void everyThread_hasItsNumberAndItsOwnValues(Engine engine) throws Exception {
        try (MapRegistry maps = new MapRegistry(new Epochs(THREADS));
                Arena arena = Arena.ofShared();
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            PolicyImage image = load(maps, engine);
            List<Callable<Void>> work = new ArrayList<>();
            for (int cpu = 0; cpu < THREADS; cpu++) {
                ExecutableProgram program = Objects.requireNonNull(image.program(Hook.ON_TICK, cpu));
                MemorySegment context = arena.allocate(Hook.ON_TICK.context().size(), 64);
                work.add(() -> {
                    for (long run = 0; run < RUNS; run++) {
                        context.set(
                                ValueLayout.JAVA_LONG, Hook.ON_TICK.context().offsetOf("tick"), run);
                        program.run(context.address(), new InstantServices());
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
            image.activated();
            BpfMap own = find(maps, "own");
            BpfMap cpus = find(maps, "cpus");
            for (int cpu = 0; cpu < THREADS; cpu++) {
                assertThat(own.onCpu(cpu).get(0).orElseThrow()).isEqualTo(bytes(RUNS));
                assertThat(cpus.get(cpu).orElseThrow()).isEqualTo(bytes(1));
            }
            assertThatThrownBy(() -> image.program(Hook.ON_TICK, THREADS))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    private static PolicyImage load(MapRegistry maps, Engine engine) {
        ProgramLinker linker = new ProgramLinker(engine, new CodeCache(CodeCache.DEFAULT_BYTES), Runnable::run);
        CompileResult result = PolicyCompiler.compile(new SourceFile("threads.gbpf", POLICY));
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        LoadResult loaded = new ImageLoader(maps, linker).load(((CompileResult.Compiled) result).object());
        assertThat(loaded).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) loaded).image();
    }

    private static BpfMap find(MapRegistry maps, String name) {
        return maps.maps("threads").stream()
                .filter(map -> map.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] bytes(long number) {
        byte[] bytes = new byte[Long.BYTES];
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
        return bytes;
    }
}
