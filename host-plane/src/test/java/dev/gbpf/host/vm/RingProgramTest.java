package dev.gbpf.host.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.asm.PolicyAssemblyResult.Assembled;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.map.QueueMap;
import dev.gbpf.host.map.RingBufferMap;
import dev.gbpf.host.map.RingBufferReader;
import dev.gbpf.isa.Program;
import dev.gbpf.object.PolicyObject;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that write to ring buffers and queues, in both interpreters. */
class RingProgramTest {
    private static final String MAPS = """
            .policy rings
            .map ring ringbuf key=0 value=0 entries=128
            .map queue queue key=0 value=8 entries=2
            """;

    /** Reserves 8 bytes, stores 7 there and submits them; pops what the queue has and gives that. */
    private static final String WRITE = """
            .hook on_tick
                r1 = map_by_idx(0)
                r2 = 8
                r3 = 0
                call 131
                if r0 == 0 goto end
                r1 = 7
                *(u64 *)(r0 + 0) = r1
                r1 = r0
                r2 = 0
                call 132
                r1 = map_by_idx(1)
                r2 = r10
                r2 += -8
                call 88
                r0 = *(u64 *)(r10 - 8)
            end:
                exit
            """;

    private static PolicyObject policy(String text) {
        return ((Assembled) PolicyAssembler.assemble(new SourceFile("t.gasm", MAPS + text))).object();
    }

    @Test
    void program_inBothInterpreters_writesRecordsAndPops() {
        PolicyObject policy = policy(WRITE);
        Program program = policy.programs().getFirst().program();
        List<BpfMap> maps = new ArrayList<>();
        policy.maps().forEach(m -> maps.add(MapFactory.create(m)));
        try (Arena arena = Arena.ofConfined()) {
            QueueMap queue = (QueueMap) maps.get(1);
            queue.push(new byte[] {5, 0, 0, 0, 0, 0, 0, 0}, BpfMap.ANY);
            queue.push(new byte[] {6, 0, 0, 0, 0, 0, 0, 0}, BpfMap.ANY);
            InterpretedProgram engine = new InterpretedProgram(program, maps, arena);
            assertThat(engine.run(0, Engines.NO_SERVICES)).isEqualTo(5);
            CheckedInterpreter checked = new CheckedInterpreter(program, maps, arena);
            assertThat(checked.run(0, 0, Engines.NO_SERVICES, MemoryRegions.NONE, 100)
                            .r0())
                    .isEqualTo(6);
            assertThat(engine.run(0, Engines.NO_SERVICES)).isZero();
            RingBufferReader reader = new RingBufferReader((RingBufferMap) maps.get(0));
            List<byte[]> records = new ArrayList<>();
            assertThat(reader.drain(records::add, 10)).isEqualTo(3);
            assertThat(records).allSatisfy(r -> assertThat(r).containsExactly(7, 0, 0, 0, 0, 0, 0, 0));
        } finally {
            maps.forEach(BpfMap::close);
        }
    }

    @Test
    void unverifiedProgram_thatMisusesRecords_faults() {
        assertFault("r2 = 8\nr3 = 0\nr1 = map_by_idx(0)\ncall 131\nr0 = 0\nexit", "records=1 are neither");
        assertFault("r1 = r10\nr1 += -8\nr2 = 0\ncall 132\nexit", "is not a reserved record");
        assertFault("r2 = 8\nr3 = 0\nr1 = map_by_idx(0)\ncall 131\nr1 = *(u64 *)(r0 + 8)\nexit", "is outside of stack");
        assertFault("r1 = map_by_idx(1)\nr2 = 8\nr3 = 0\ncall 131\nexit", "is a queue");
        assertFault("r1 = map_by_idx(0)\nr2 = 0\nr3 = 0\ncall 131\nexit", "is not in 1..65536");
    }

    private static void assertFault(String code, String message) {
        PolicyObject policy = policy(".hook on_tick\n" + code);
        List<BpfMap> maps = new ArrayList<>();
        policy.maps().forEach(m -> maps.add(MapFactory.create(m)));
        try (Arena arena = Arena.ofConfined()) {
            CheckedInterpreter checked =
                    new CheckedInterpreter(policy.programs().getFirst().program(), maps, arena);
            assertThatThrownBy(() -> checked.run(0, 0, Engines.NO_SERVICES, MemoryRegions.NONE, 100))
                    .isInstanceOf(ExecutionFault.class)
                    .hasMessageContaining(message);
        } finally {
            maps.forEach(BpfMap::close);
        }
    }
}
