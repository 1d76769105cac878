package dev.gbpf.host.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.AssemblyResult;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.testkit.ScriptedServices;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compiled accesses to maps that host and device share are those of arrays. */
class SharedMapCodeTest {
    /** Adds 3 to element 5, and gives it; without that element -1. Then it tries to set it. */
    private static final String PROGRAM = """
            *(u64 *)(r10 - 8) = INDEX
            r1 = map_by_idx(0)
            r2 = r10
            r2 += -8
            call 1
            if r0 == 0 goto +13
            r1 = 3
            lock *(u64 *)(r0 + 8) += r1
            r6 = *(u64 *)(r0 + 8)
            r1 = map_by_idx(0)
            r2 = r10
            r2 += -8
            r3 = r10
            r3 += -24
            *(u64 *)(r10 - 24) = 0
            *(u64 *)(r10 - 16) = 0
            r4 = 0
            UPDATE
            """;

    private static Program program(String index, String end) {
        String text = PROGRAM.replace("INDEX", index).replace("UPDATE", end);
        AssemblyResult result = Assembler.assemble(new SourceFile("shared", text));
        assertThat(result).isInstanceOf(AssemblyResult.Assembled.class);
        return ((AssemblyResult.Assembled) result).program();
    }

    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"ARRAY", "SNAPSHOT", "COUNTERS"})
    void lookup_isInLine_andUpdateIsTheMapsOwn(MapKind kind) {
        MapDefinition definition = new MapDefinition("m", kind, 4, 16, 7);
        try (BpfMap map = MapFactory.create(definition);
                Arena arena = Arena.ofConfined()) {
            List<BpfMap> maps = List.of(map);
            for (HelperLinking linking : HelperLinking.values()) {
                CompiledProgram adds = JitFixtures.compiled(
                        program("5", "r0 = r6\nexit"),
                        maps,
                        linking,
                        new HelperDispatcher(maps),
                        Chunks.DEFAULT_LIMIT,
                        arena);
                long before = map.get(5).orElseThrow()[8];
                assertThat(adds.run(0, ScriptedServices.NONE)).isEqualTo(before + 3);
                CompiledProgram misses = JitFixtures.compiled(
                        program("7", "r0 = 9\nexit"),
                        maps,
                        linking,
                        new HelperDispatcher(maps),
                        Chunks.DEFAULT_LIMIT,
                        arena);
                assertThat(misses.run(0, ScriptedServices.NONE)).isZero();
                CompiledProgram sets = JitFixtures.compiled(
                        program("5", "call 2\nexit"),
                        maps,
                        linking,
                        new HelperDispatcher(maps),
                        Chunks.DEFAULT_LIMIT,
                        arena);
                assertThat(sets.run(0, ScriptedServices.NONE)).isEqualTo(kind == MapKind.COUNTERS ? Errno.EPERM : 0);
            }
            assertThat(map.get(5).orElseThrow()[8]).isEqualTo((byte) (kind == MapKind.COUNTERS ? 12 : 0));
        }
    }
}
