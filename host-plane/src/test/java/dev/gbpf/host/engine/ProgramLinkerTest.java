package dev.gbpf.host.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.MapKind;
import dev.gbpf.bench.InstantServices;
import dev.gbpf.host.engine.CodeCache.CodeKey;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.jit.CompiledProgram;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.ObjectHash;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgramLinkerTest {
    private static final PlaneServices SERVICES = new InstantServices();

    private final Arena arena = Arena.ofConfined();
    private final BpfMap map = MapFactory.create(new MapDefinition("a", MapKind.ARRAY, 4, 8, 1));
    private final CodeCache cache = new CodeCache(CodeCache.DEFAULT_BYTES);
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @AfterEach
    void free() {
        map.close();
        arena.close();
    }

    private static CodeKey key(int number) {
        return new CodeKey(new ObjectHash("%064x".formatted(number)), CodeCache.Target.HOST_JVM);
    }

    /** Adds {@code step} to the array's element and gives it. */
    private static Program counter(int step) {
        return new Program(List.of(
                new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, Register.R1, 0, 0),
                new Instruction.Load(Width.DW, false, Register.R0, Register.R1, (short) 0),
                new Instruction.Alu(AluOp.ADD, true, Register.R0, new Immediate(step)),
                new Instruction.Store(Width.DW, Register.R1, (short) 0, Register.R0),
                new Instruction.Exit()));
    }

    private List<ExecutableProgram> link(Engine engine, int key) {
        return new ProgramLinker(engine, cache, waiting::add)
                .link(key(key), List.of(counter(1), counter(10)), List.of(map), arena, 0);
    }

    @Test
    void interpreter_always_interprets() {
        assertThat(link(Engine.INTERPRETER, 1)).allMatch(InterpretedProgram.class::isInstance);
        assertThat(cache.statistics().entries()).isZero();
    }

    @Test
    void jit_fromTheFirstRunOn_isCompiled() {
        List<ExecutableProgram> linked = link(Engine.JIT, 1);
        assertThat(linked).allMatch(CompiledProgram.class::isInstance);
        assertThat(linked.get(0).run(0, SERVICES)).isEqualTo(1);
        assertThat(linked.get(1).run(0, SERVICES)).isEqualTo(11);
    }

    @Test
    void auto_afterManyRuns_goesOnCompiledWithTheSameMaps() {
        List<ExecutableProgram> linked = link(Engine.AUTO, 1);
        for (int i = 1; i <= Tier.RUNS; i++) {
            assertThat(waiting).isEmpty();
            assertThat(linked.get(i % 2).run(0, SERVICES)).isPositive();
        }
        assertThat(waiting).hasSize(1);
        long before = linked.get(0).run(0, SERVICES);
        waiting.remove().run();
        assertThat(linked.get(1).run(0, SERVICES)).isEqualTo(before + 10);
        assertThat(linked.get(0).run(0, SERVICES)).isEqualTo(before + 11);
        assertThat(waiting).as("it is compiled once").isEmpty();
        assertThat(cache.statistics().misses()).isOne();
    }

    @Test
    void auto_whoseCodeIsThere_isCompiledAtOnce() {
        link(Engine.JIT, 1);
        assertThat(link(Engine.AUTO, 1)).allMatch(CompiledProgram.class::isInstance);
        assertThat(link(Engine.AUTO, 2)).noneMatch(CompiledProgram.class::isInstance);
    }

    @Test
    void sameKey_linkedAgain_sharesItsClass() {
        ExecutableProgram first = link(Engine.JIT, 1).getFirst();
        ExecutableProgram second = link(Engine.JIT, 1).getFirst();
        assertThat(second.getClass()).isSameAs(first.getClass());
        CodeCache.Statistics statistics = cache.statistics();
        assertThat(statistics.hits()).isOne();
        assertThat(statistics.misses()).isOne();
        assertThat(statistics.entries()).isOne();
        assertThat(statistics.bytes()).isPositive();
        assertThat(statistics.compileNanos()).isPositive();
    }

    @Test
    void programs_thatNoClassFileHasRoomFor_areInterpreted() {
        List<Instruction> out = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            out.add(new Instruction.CallLocal(50));
        }
        out.add(new Instruction.Exit());
        for (int i = 0; i < 50; i++) {
            out.add(new Instruction.Mov(true, 0, Register.R0, new Immediate(i)));
        }
        out.add(new Instruction.Exit());
        ProgramLinker linker = new ProgramLinker(Engine.JIT, cache, waiting::add);
        for (int i = 0; i < 2; i++) {
            List<ExecutableProgram> linked = linker.link(key(1), List.of(new Program(out)), List.of(), arena, 0);
            assertThat(linked.getFirst()).isInstanceOf(InterpretedProgram.class);
            assertThat(linked.getFirst().run(0, SERVICES)).isEqualTo(49);
        }
        assertThat(cache.statistics().misses()).as("it is tried once").isOne();
    }

    @Test
    void cache_thatIsFull_lets_theLeastUsedGo() {
        CodeCache small = new CodeCache(4_000);
        ProgramLinker linker = new ProgramLinker(Engine.JIT, small, waiting::add);
        for (int i = 0; i < 20; i++) {
            linker.link(key(i), List.of(counter(i)), List.of(map), arena, 0);
        }
        assertThat(small.statistics().bytes()).isLessThanOrEqualTo(4_000);
        assertThat(small.statistics().evictions()).isPositive();
    }
}
