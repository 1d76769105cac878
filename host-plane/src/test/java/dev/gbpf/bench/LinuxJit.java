package dev.gbpf.bench;

import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.AssemblyResult;
import dev.gbpf.bench.BenchPrograms.BenchProgram;
import dev.gbpf.bench.LinuxBpf.RefusedException;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.jit.CompiledProgram;
import dev.gbpf.host.jit.HelperLinking;
import dev.gbpf.host.jit.JitCompiler;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The same bytecode in the JIT and in that of the Linux that this runs on, in turn within one run: the programs of the engine benchmarks
 * with 90,000 trips (more is refused by Linux's verifier), and programs full of map accesses and calls of helpers. Prints a table.
 * Needs root, for {@code bpf(2)}. Arguments: rounds (default 15).
 */
public final class LinuxJit {
    private static final int TRIPS = 90_000;
    private static final int LONG_LOOP = 20_000;
    private static final int WARM_UP = 40;
    private static final long ROUND_NS = 20_000_000;
    /** What the packet of a test run has at its start for a socket filter: its length without the Ethernet header. */
    private static final int PACKET = 50;

    private static final int ENTRIES = 1024;
    private static final int CALLS = 1000;
    private static final List<MapDefinition> MAPS = List.of(
            new MapDefinition("array", MapKind.ARRAY, 4, 8, ENTRIES),
            new MapDefinition("hash4", MapKind.HASH, 4, 8, ENTRIES),
            new MapDefinition("hash8", MapKind.HASH, 8, 8, ENTRIES),
            new MapDefinition("block", MapKind.ARRAY, 4, 4096, 1));

    private final int rounds;

    /** A program, with how many of what it does one round of its loop has. */
    private record Case(String name, Program program, boolean hasMaps, int memory, double units, String unit) {}

    private LinuxJit(int rounds) {
        this.rounds = rounds;
    }

    /** The plane's own clock and random numbers, as a plane in real time has them. */
    private static final class Services extends InstantServices {
        private final SplittableRandom random = new SplittableRandom(1);

        @Override
        public long ktimeGetNs() {
            return System.nanoTime();
        }

        @Override
        public long getPrandomU32() {
            return random.nextInt() & 0xFFFF_FFFFL;
        }
    }

    private static Program assembled(String text) {
        return switch (Assembler.assemble(new SourceFile("bench.gasm", text))) {
            case AssemblyResult.Assembled assembled -> assembled.program();
            case AssemblyResult.Failed failed -> throw new IllegalStateException(failed.toString());
        };
    }

    /** A loop of {@value #CALLS} rounds whose number is in r6, with the number's low bits on the stack as a key of 8 bytes. */
    private static Case loop(String name, String unit, String body) {
        return new Case(name, assembled("""
                r6 = 0
                r7 = 0
                again:
                r1 = r6
                r1 &= 1023
                *(u64 *)(r10 - 8) = r1
                """ + body + """
                r6 += 1
                if r6 != 1000 goto again
                r0 = r7
                exit
                """), true, 0, CALLS, unit);
    }

    private static String lookup(int map) {
        return """
                r2 = r10
                r2 += -8
                r1 = map_by_idx(%d)
                call 1
                if r0 == 0 goto +3
                r1 = *(u64 *)(r0 + 0)
                r1 += 1
                *(u64 *)(r0 + 0) = r1
                """.formatted(map);
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (BenchProgram given : BenchPrograms.all()) {
            boolean memsum = given.name().equals("memsum");
            Program shorter = new Program(given.program().instructions().stream()
                    .map(i -> shorter(i, memsum ? 175 : TRIPS))
                    .toList());
            double part = memsum ? 175 / 20_000.0 : (double) TRIPS / trips(given.program());
            cases.add(
                    new Case(given.name(), shorter, false, given.memory(), given.instructions() * part, "instruction"));
        }
        cases.add(new Case("localcall, start unknown", assembled("""
                r6 = *(u32 *)(r1 + 0)
                r7 = 0
                again:
                r1 = r6
                call f
                r6 += r0
                r7 += 1
                if r7 != 90000 goto again
                r0 = r6
                exit
                f:
                r0 = r1
                r0 ^= 5
                r0 &= 255
                exit
                """), false, 64, 9.0 * TRIPS, "instruction"));
        cases.add(new Case("memsum over a map's value", assembled("""
                *(u32 *)(r10 - 4) = 0
                r2 = r10
                r2 += -4
                r1 = map_by_idx(3)
                call 1
                if r0 == 0 goto out
                r6 = r0
                r0 = 0
                r7 = 0
                outer:
                r3 = r6
                r4 = 0
                inner:
                r5 = *(u64 *)(r3 + 0)
                r0 += r5
                r3 += 8
                r4 += 1
                if r4 != 512 goto inner
                r7 += 1
                if r7 != 175 goto outer
                out:
                exit
                """), true, 0, 175 * (512 * 5 + 4), "instruction"));
        cases.add(loop("array: look up, add", "round", lookup(0)));
        cases.add(loop("hash, keys of 4 bytes: look up, add", "round", lookup(1)));
        cases.add(loop("hash, keys of 8 bytes: look up, add", "round", lookup(2)));
        cases.add(loop("two hashes and an array: look up, add", "round", lookup(0) + lookup(1) + lookup(2)));
        cases.add(loop("hash, keys of 8 bytes: update", "round", """
                *(u64 *)(r10 - 16) = r6
                r2 = r10
                r2 += -8
                r3 = r10
                r3 += -16
                r4 = 0
                r1 = map_by_idx(2)
                call 2
                """));
        cases.add(loop("`get_smp_processor_id`", "round", "call 8\nr7 += r0\n"));
        cases.add(loop("`get_prandom_u32`", "round", "call 7\nr7 ^= r0\n"));
        cases.add(loop("`ktime_get_ns`", "round", "call 5\nr7 ^= r0\n"));
        return cases;
    }

    private static Instruction shorter(Instruction instruction, int trips) {
        return instruction instanceof Instruction.CondJump jump
                        && jump.right() instanceof Immediate(int limit)
                        && limit >= LONG_LOOP
                ? new Instruction.CondJump(jump.op(), jump.is64(), jump.left(), new Immediate(trips), jump.offset())
                : instruction;
    }

    private static int trips(Program program) {
        return program.instructions().stream()
                .mapToInt(i -> i instanceof Instruction.CondJump jump && jump.right() instanceof Immediate(int limit)
                        ? limit
                        : 0)
                .max()
                .orElseThrow();
    }

    private static byte[] key(int bytes, int number) {
        return ByteBuffer.allocate(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    private void compare(Case c) throws Exception {
        List<MapDefinition> definitions = c.hasMaps() ? MAPS : List.of();
        List<BpfMap> maps = definitions.stream().map(MapFactory::create).toList();
        try (Arena arena = Arena.ofConfined()) {
            fill(maps);
            long memory = arena.allocate(Math.max(64, c.memory()), 8).address();
            NativeMemory.putInt(memory, c.memory() == 64 ? PACKET : 0);
            CompiledProgram compiled = JitCompiler.compile(List.of(c.program()), definitions, HelperLinking.DIRECT)
                    .link(maps, arena)
                    .getFirst();
            String refusal = "";
            LinuxBpf linux = null;
            try {
                linux = new LinuxBpf(c.program(), definitions);
                fill(linux, definitions);
            } catch (RefusedException e) {
                refusal = String.valueOf(e.getMessage());
            }
            Services plane = new Services();
            long[] ours = new long[rounds];
            long[] theirs = new long[rounds];
            int our = 1;
            int their = 1;
            for (int round = -WARM_UP; round < rounds; round++) {
                long began = System.nanoTime();
                long result = 0;
                for (int i = 0; i < our; i++) {
                    result = compiled.run(memory, c.memory(), plane);
                }
                long took = System.nanoTime() - began;
                LinuxBpf.Run run = linux == null ? new LinuxBpf.Run(1, 0) : linux.run(their);
                if (round >= 0) {
                    ours[round] = took * 1000 / our;
                    theirs[round] = run.ns();
                } else {
                    our = Math.clamp(ROUND_NS * our / Math.max(1, took), 1, 100_000_000);
                    their = Math.clamp(ROUND_NS / Math.max(1, run.ns()), 1, 100_000);
                    if (round == -WARM_UP && linux != null && !c.hasMaps() && (int) result != run.result()) {
                        throw new IllegalStateException(
                                c.name() + " gives " + (int) result + " here and " + run.result() + " in Linux");
                    }
                }
            }
            print(c, ours, linux == null ? null : theirs, refusal);
            if (linux != null) {
                linux.close();
            }
        } finally {
            maps.forEach(BpfMap::close);
        }
    }

    private static void fill(List<BpfMap> maps) {
        for (BpfMap map : maps) {
            for (int i = 0; i < map.definition().maxEntries(); i++) {
                long error = map.put(
                        key(map.definition().keySize(), i),
                        new byte[map.definition().valueSize()],
                        BpfMap.ANY);
                if (error != 0) {
                    throw new IllegalStateException("cannot fill " + map);
                }
            }
        }
    }

    private static void fill(LinuxBpf linux, List<MapDefinition> definitions) throws RefusedException {
        for (int map = 0; map < definitions.size(); map++) {
            MapDefinition definition = definitions.get(map);
            for (int i = 0; i < definition.maxEntries(); i++) {
                linux.put(map, key(definition.keySize(), i), new byte[definition.valueSize()]);
            }
        }
    }

    /** Median and range of the middle eight tenths. */
    private static String times(long[] sorted, double scale, double units) {
        int n = sorted.length;
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f to %.2f)",
                sorted[n / 2] / scale / units,
                sorted[n / 10] / scale / units,
                sorted[n - 1 - n / 10] / scale / units);
    }

    private static void print(Case c, long[] ours, long @org.jspecify.annotations.Nullable [] theirs, String refusal) {
        Arrays.sort(ours);
        double median = ours[ours.length / 2] / 1000.0;
        String here = times(ours, 1000, c.units());
        if (theirs == null) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.1f | %s | refused: %s | |%n",
                    c.name(),
                    c.unit(),
                    median / 1000,
                    here,
                    refusal);
            return;
        }
        Arrays.sort(theirs);
        double linux = theirs[theirs.length / 2];
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f | %s | %.1f | %s | %.2f |%n",
                c.name(),
                c.unit(),
                median / 1000,
                here,
                linux / 1000,
                times(theirs, 1, c.units()),
                linux / median);
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        LinuxJit bench = new LinuxJit(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15);
        System.out.println(
                "| program | unit | JIT, us a run | ns a unit | Linux, us a run | ns a unit | Linux / JIT |");
        System.out.println("|---|---|---:|---:|---:|---:|---:|");
        for (Case c : cases()) {
            bench.compare(c);
        }
    }
}
