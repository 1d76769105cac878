package dev.gbpf.bench;

import dev.gbpf.abi.MapKind;
import dev.gbpf.host.jit.CodeTooLargeException;
import dev.gbpf.host.jit.HelperLinking;
import dev.gbpf.host.jit.JitCompiler;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a helper call and a map access cost a program: each program does {@link #CALLS} of them in a row,
 * and {@link #emptyProgram} is the cost of a run as such.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC"})
public class HelperBenchmark {
    /** Calls in one run of a program. */
    static final int CALLS = 1000;

    private static final int ENTRIES = 1024;

    private final Arena arena = Arena.ofConfined();
    private final BpfMap array = MapFactory.create(new MapDefinition("array", MapKind.ARRAY, 4, 16, ENTRIES));
    private final BpfMap hash4 = MapFactory.create(new MapDefinition("hash4", MapKind.HASH, 4, 16, ENTRIES));
    private final BpfMap hash8 = MapFactory.create(new MapDefinition("hash8", MapKind.HASH, 8, 16, ENTRIES));
    private final BpfMap hash20 = MapFactory.create(new MapDefinition("hash20", MapKind.HASH, 20, 16, ENTRIES));
    private final List<BpfMap> maps = List.of(array, hash4, hash8, hash20);

    private final InstantServices plane = new InstantServices();

    /** What runs the programs: {@code interpreter} or {@code jit}. */
    @Param({"interpreter", "jit"})
    public String engine = "interpreter";

    private ExecutableProgram empty = (_, _) -> 0;
    private ExecutableProgram loop = (_, _) -> 0;
    private ExecutableProgram time = (_, _) -> 0;
    private ExecutableProgram arrayLookup = (_, _) -> 0;
    private ExecutableProgram hash4Lookup = (_, _) -> 0;
    private ExecutableProgram hash8Lookup = (_, _) -> 0;
    private ExecutableProgram hash20Lookup = (_, _) -> 0;
    private ExecutableProgram hash8Update = (_, _) -> 0;

    /** Makes the programs, and fills the hashes with every key that they look up. */
    @Setup
    public void fill() {
        empty = program(List.of(new Instruction.Mov(true, 0, Register.R0, new Immediate(0)), new Instruction.Exit()));
        loop = program(repeated(List.of()));
        time = program(repeated(List.of(new Instruction.CallHelper(5))));
        arrayLookup = lookups(0);
        hash4Lookup = lookups(1);
        hash8Lookup = lookups(2);
        hash20Lookup = lookups(3);
        hash8Update = updates(2);
        for (BpfMap map : List.of(hash4, hash8, hash20)) {
            for (int i = 0; i < ENTRIES; i++) {
                byte[] key = new byte[map.definition().keySize()];
                ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).putInt(i);
                if (map.put(key, new byte[16], BpfMap.ANY) != 0) {
                    throw new IllegalStateException("cannot fill " + map);
                }
            }
        }
    }

    /** Frees the maps. */
    @TearDown
    public void free() {
        maps.forEach(BpfMap::close);
        arena.close();
    }

    private ExecutableProgram program(List<Instruction> instructions) {
        Program program = new Program(instructions);
        if (engine.equals("interpreter")) {
            return new InterpretedProgram(program, maps, arena);
        }
        List<MapDefinition> definitions =
                maps.stream().<MapDefinition>map(BpfMap::definition).toList();
        try {
            return JitCompiler.compile(List.of(program), definitions, HelperLinking.DIRECT)
                    .link(maps, arena)
                    .getFirst();
        } catch (CodeTooLargeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A loop of {@link #CALLS} rounds with its number in r6. */
    private static List<Instruction> repeated(List<Instruction> body) {
        List<Instruction> out = new ArrayList<>();
        for (int i = 8; i <= 24; i += 8) {
            out.add(new Instruction.Store(Width.DW, Register.R10, (short) -i, new Immediate(0)));
        }
        out.add(new Instruction.Mov(true, 0, Register.R6, new Immediate(0)));
        out.addAll(body);
        out.add(new Instruction.Alu(AluOp.ADD, true, Register.R6, new Immediate(1)));
        int slots = body.stream().mapToInt(Instruction::slots).sum() + 2;
        out.add(new Instruction.CondJump(JumpOp.LT, true, Register.R6, new Immediate(CALLS), (short) -slots));
        out.add(new Instruction.Exit());
        return out;
    }

    private static List<Instruction> keyAndMap(int map) {
        return List.of(
                new Instruction.Store(Width.W, Register.R10, (short) -24, Register.R6),
                new Instruction.Mov(true, 0, Register.R2, Register.R10),
                new Instruction.Alu(AluOp.ADD, true, Register.R2, new Immediate(-24)),
                new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, Register.R1, map, 0));
    }

    private ExecutableProgram lookups(int map) {
        List<Instruction> body = new ArrayList<>(keyAndMap(map));
        body.add(new Instruction.CallHelper(1));
        body.add(new Instruction.CondJump(JumpOp.EQ, true, Register.R0, new Immediate(0), (short) 1));
        body.add(new Instruction.Load(Width.DW, false, Register.R7, Register.R0, (short) 0));
        return program(repeated(body));
    }

    private ExecutableProgram updates(int map) {
        List<Instruction> body = new ArrayList<>(keyAndMap(map));
        body.add(new Instruction.Mov(true, 0, Register.R3, Register.R10));
        body.add(new Instruction.Alu(AluOp.ADD, true, Register.R3, new Immediate(-16)));
        body.add(new Instruction.Mov(true, 0, Register.R4, new Immediate(0)));
        body.add(new Instruction.CallHelper(2));
        return program(repeated(body));
    }

    /** One whole run of a program of two instructions. */
    @Benchmark
    public long emptyProgram() {
        return empty.run(0, plane);
    }

    /** The loop that the others are in. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long loopAlone() {
        return loop.run(0, plane);
    }

    /** {@code ktime_get_ns} of a plane whose clock is a field. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long ktimeGetNs() {
        return time.run(0, plane);
    }

    /** Key on the stack, lookup, null check, load. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long arrayLookup() {
        return arrayLookup.run(0, plane);
    }

    /** The same in a full hash of 4-byte keys. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long hashLookupKey4() {
        return hash4Lookup.run(0, plane);
    }

    /** The same with 8-byte keys. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long hashLookupKey8() {
        return hash8Lookup.run(0, plane);
    }

    /** The same with 20-byte keys. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long hashLookupKey20() {
        return hash20Lookup.run(0, plane);
    }

    /** Key and value on the stack, update of a present key. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public long hashUpdateKey8() {
        return hash8Update.run(0, plane);
    }
}
