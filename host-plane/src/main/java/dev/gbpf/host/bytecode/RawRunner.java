package dev.gbpf.host.bytecode;

import dev.gbpf.abi.Helper;
import dev.gbpf.host.bytecode.RawProgram.RawMap;
import dev.gbpf.host.bytecode.RawVerifier.Finding;
import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.CheckedInterpreter;
import dev.gbpf.host.vm.ExecutionFault;
import dev.gbpf.host.vm.MemoryRegions;
import dev.gbpf.isa.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs raw programs, each on fresh maps and memory and without an instruction budget. What is not verified runs in the checked
 * interpreter, where it can only end with a fault, or not at all.
 */
public final class RawRunner {
    private final RawEngine engine;
    private final boolean conformanceHelpers;
    private final RawVerifier verifier;
    private final RawServices services = new RawServices();

    /**
     * A runner.
     *
     * @param engine what verified programs run in; it must be available
     * @param conformanceHelpers whether helper 5 gives its first argument
     */
    public RawRunner(RawEngine engine, boolean conformanceHelpers) {
        this.engine = engine;
        this.conformanceHelpers = conformanceHelpers;
        this.verifier = new RawVerifier(conformanceHelpers);
    }

    /** What came of a run. */
    public sealed interface Outcome {
        /**
         * The program ended.
         *
         * @param r0 its result
         * @param nanos how long it ran, ns
         */
        record Returned(long r0, long nanos) implements Outcome {}

        /**
         * It did not run, or not to its end.
         *
         * @param code why
         * @param message in words, with the place
         */
        record Refused(String code, String message) implements Outcome {}
    }

    /** Verifies a program, and runs it when it is accepted. */
    public Outcome run(RawProgram raw) {
        Finding finding = verifier.verify(raw);
        if (finding.code() != null) {
            return new Outcome.Refused(finding.code(), finding.message());
        }
        Program program = finding.program() == null ? raw.decode() : finding.program();
        return on(raw, (maps, memory, helpers, arena) -> {
            RawEngine.Machine machine = engine.prepare(program, maps, helpers, arena);
            long start = System.nanoTime();
            long r0 = machine.run(address(memory), memory.byteSize(), services);
            return new Outcome.Returned(r0, System.nanoTime() - start);
        });
    }

    /** Runs a program as it is in the checked interpreter. It may take for ever. */
    public Outcome runUnverified(RawProgram raw) {
        Program program;
        try {
            program = raw.decode();
        } catch (BytecodeException e) {
            return new Outcome.Refused(e.problem().code(), e.text());
        }
        return on(raw, (maps, memory, helpers, arena) -> {
            CheckedInterpreter machine = new CheckedInterpreter(program, maps, helpers, arena);
            long start = System.nanoTime();
            try {
                long r0 = machine.run(
                                address(memory),
                                memory.byteSize(),
                                services,
                                MemoryRegions.ofMemory(memory),
                                Long.MAX_VALUE)
                        .r0();
                return new Outcome.Returned(r0, System.nanoTime() - start);
            } catch (ExecutionFault fault) {
                BytecodeException e = BytecodeProblem.of(fault);
                return new Outcome.Refused(e.problem().code(), e.text());
            }
        });
    }

    /** A run with everything around the program in place. */
    @FunctionalInterface
    private interface Step {
        Outcome run(List<BpfMap> maps, MemorySegment memory, HelperCalls helpers, Arena arena);
    }

    private Outcome on(RawProgram raw, Step step) {
        List<BpfMap> maps = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (RawMap map : raw.maps()) {
                maps.add(create(map));
            }
            MemorySegment memory = arena.allocate(raw.memory().length, 8);
            MemorySegment.copy(MemorySegment.ofArray(raw.memory()), 0, memory, 0, raw.memory().length);
            services.begin();
            return step.run(maps, memory, helpers(maps), arena);
        } finally {
            maps.forEach(BpfMap::close);
        }
    }

    private static BpfMap create(RawMap map) {
        BpfMap made = MapFactory.create(map.definition(), Arena.ofConfined());
        byte[] entry = map.entry();
        if (entry != null) {
            made.put(new byte[map.definition().keySize()], entry, BpfMap.ANY);
        }
        return made;
    }

    private HelperCalls helpers(List<BpfMap> maps) {
        HelperDispatcher dispatcher = new HelperDispatcher(maps);
        if (!conformanceHelpers) {
            return dispatcher;
        }
        int identity = Helper.KTIME_GET_NS.id();
        return (helper, r1, r2, r3, r4, r5, plane) ->
                helper == identity ? r1 : dispatcher.call(helper, r1, r2, r3, r4, r5, plane);
    }

    private static long address(MemorySegment memory) {
        return memory.byteSize() == 0 ? 0 : memory.address();
    }
}
