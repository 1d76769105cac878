package dev.gbpf.host.testkit;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.testkit.RandomInputs;
import dev.gbpf.verifier.testkit.TestHook;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * What a program of {@link TestHook} did on random inputs: the same for engines that agree.
 *
 * @param results of each run
 * @param calls what it asked the plane
 * @param memory the context after each run, and the maps after all
 */
public record RandomRun(List<Long> results, List<String> calls, List<String> memory) {
    /** Makes the program ready to run. */
    @FunctionalInterface
    public interface Engine {
        /** With these maps, for the life of the arena. */
        ExecutableProgram prepare(List<BpfMap> maps, Arena arena);
    }

    /**
     * Runs a program on fresh maps.
     *
     * @param seed of the inputs
     * @param runs how often
     */
    public static RandomRun of(Program program, long seed, int runs, Engine engine) {
        RandomInputs inputs = new RandomInputs(program, new Random(seed));
        RandomRun done = new RandomRun(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        PlaneServices services = ScriptedServices.of(inputs::result, done.calls());
        List<BpfMap> maps = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (MapDefinition definition : TestHook.MAPS) {
                BpfMap map = MapFactory.create(definition, Arena.ofConfined());
                maps.add(map);
                if (!definition.readOnly()) {
                    map.put(new byte[definition.keySize()], inputs.memory(definition.valueSize()), BpfMap.ANY);
                }
            }
            ExecutableProgram ready = engine.prepare(maps, arena);
            for (int i = 0; i < runs; i++) {
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

    /** A program and the seed that it is of, for whoever looks into a failure. */
    public static String text(long seed, Program program) {
        StringBuilder text = new StringBuilder("seed " + seed + "\n");
        for (Instruction instruction : program.instructions()) {
            text.append(Disassembler.text(instruction)).append('\n');
        }
        return text.toString();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
