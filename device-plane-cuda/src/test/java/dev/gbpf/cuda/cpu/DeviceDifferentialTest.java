package dev.gbpf.cuda.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.testkit.RandomCode;
import dev.gbpf.verifier.testkit.RandomInputs;
import dev.gbpf.verifier.testkit.TestHook;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Random verified programs do the same in the device's interpreter and in the host's: the same result, the same calls, and the same
 * contents of context and maps. {@code -Dgbpf.long=true} tries a million programs; {@code -Dgbpf.differential.seed} begins elsewhere.
 */
class DeviceDifferentialTest {
    private static final int PROGRAMS =
            Integer.getInteger("gbpf.differential.programs", Boolean.getBoolean("gbpf.long") ? 1_000_000 : 250);
    private static final int RUNS = 3;
    private static final long SEED = Long.getLong("gbpf.differential.seed", 20_261_126L);
    /** More than any of the programs takes. */
    private static final int JUMPS = 2_000_000;

    @Test
    void randomPrograms_onTheDeviceAndOnTheHost_doTheSame() {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cpu().built(), () -> "skipped: " + build.cpu().detail());
        Verifier verifier = new Verifier();
        int tried = 0;
        for (long seed = SEED; tried < PROGRAMS; seed++) {
            Random random = new Random(seed);
            Program program = RandomCode.generate(random);
            if (verifier.analyse(program, TestHook.ANY_VERDICT, TestHook.MAPS).isAccepted()) {
                long inputs = random.nextLong();
                Done host = run(program, inputs, (maps, arena) -> {
                    InterpretedProgram ready = new InterpretedProgram(program, maps, arena);
                    return ready::run;
                });
                Done device = run(program, inputs, (maps, arena) -> {
                    CpuProgram ready = new CpuProgram(program, maps, new HelperDispatcher(maps), JUMPS, arena);
                    return (r1, services) -> ready.run(r1, 0, services);
                });
                long failed = seed;
                assertThat(device).as(() -> text(failed, program)).isEqualTo(host);
                tried++;
            }
        }
    }

    private static String text(long seed, Program program) {
        StringBuilder text = new StringBuilder("seed " + seed + "\n");
        for (Instruction instruction : program.instructions()) {
            text.append(Disassembler.text(instruction)).append('\n');
        }
        return text.toString();
    }

    /** What a program did. */
    private record Done(List<Long> results, List<String> calls, List<String> memory) {}

    @FunctionalInterface
    private interface Ready {
        long run(long r1, PlaneServices services);
    }

    @FunctionalInterface
    private interface Engine {
        Ready prepare(List<BpfMap> maps, Arena arena);
    }

    private static Done run(Program program, long seed, Engine engine) {
        RandomInputs inputs = new RandomInputs(program, new Random(seed));
        Done done = new Done(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        PlaneServices services = Planes.of(inputs::result, done.calls());
        List<BpfMap> maps = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (MapDefinition definition : TestHook.MAPS) {
                BpfMap map = MapFactory.create(definition, Arena.ofConfined());
                maps.add(map);
                if (!definition.readOnly()) {
                    map.put(new byte[definition.keySize()], inputs.memory(definition.valueSize()), BpfMap.ANY);
                }
            }
            Ready ready = engine.prepare(maps, arena);
            for (int i = 0; i < RUNS; i++) {
                byte[] bytes = inputs.context(TestHook.CONTEXT);
                MemorySegment context = arena.allocate(bytes.length, 8);
                MemorySegment.copy(bytes, 0, context, ValueLayout.JAVA_BYTE, 0, bytes.length);
                done.results().add(ready.run(context.address(), services));
                done.memory().add(hex(context.toArray(ValueLayout.JAVA_BYTE)));
            }
            for (BpfMap map : maps) {
                map.forEach((key, value) -> done.memory().add(map.name() + " " + hex(key) + "=" + hex(value)));
            }
            return done;
        } finally {
            maps.forEach(BpfMap::close);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
