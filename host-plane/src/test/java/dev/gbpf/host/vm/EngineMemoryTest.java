package dev.gbpf.host.vm;

import static dev.gbpf.host.vm.Engines.program;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.jit.JitFixtures;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Loads, stores, atomic operations and frames, in all engines. */
class EngineMemoryTest {
    private static final HelperCalls NO_HELPERS = (helper, _, _, _, _, _, _) -> {
        throw new AssertionError("unexpected helper " + helper);
    };

    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;

    /** Runs on memory of its own in one of the engines and hands both to the check. */
    private interface Engine {
        long run(Program program, MemorySegment memory, Arena arena);
    }

    private static final List<Engine> ENGINES = List.of(
            (program, memory, arena) -> new InterpretedProgram(program, List.of(), NO_HELPERS, arena)
                    .run(memory.address(), memory.byteSize(), Engines.NO_SERVICES),
            (program, memory, arena) -> JitFixtures.compiled(program, List.of(), arena)
                    .run(memory.address(), memory.byteSize(), Engines.NO_SERVICES),
            (program, memory, arena) -> new CheckedInterpreter(program, List.of(), NO_HELPERS, arena)
                    .run(memory.address(), memory.byteSize(), Engines.NO_SERVICES, MemoryRegions.ofMemory(memory), 1000)
                    .r0());

    @Property(tries = 100)
    void load_everyWidthAndOffset_littleEndian(@ForAll byte[] random, @ForAll Random r) {
        byte[] bytes = new byte[24];
        System.arraycopy(random, 0, bytes, 0, Math.min(random.length, bytes.length));
        for (Width width : Width.values()) {
            int offset = r.nextInt(bytes.length - width.bytes() + 1);
            long unsigned = 0;
            for (int i = width.bytes() - 1; i >= 0; i--) {
                unsigned = unsigned << 8 | (bytes[offset + i] & 255);
            }
            long signed = unsigned << (64 - width.bits()) >> (64 - width.bits());
            for (boolean sign : new boolean[] {false, true}) {
                if (sign && width == Width.DW) {
                    continue;
                }
                Program program = program(
                        new Instruction.Mov(true, 0, Register.R3, Register.R1),
                        new Instruction.Load(width, sign, Register.R0, Register.R3, (short) offset),
                        new Instruction.Exit());
                for (Engine engine : ENGINES) {
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment memory = arena.allocate(bytes.length);
                        memory.copyFrom(MemorySegment.ofArray(bytes));
                        assertThat(engine.run(program, memory, arena)).isEqualTo(sign ? signed : unsigned);
                    }
                }
            }
        }
    }

    @Property(tries = 100)
    void store_everyWidthAndOffset_changesOnlyItsBytes(@ForAll long value, @ForAll Random r) {
        for (Width width : Width.values()) {
            for (boolean immediate : new boolean[] {false, true}) {
                int offset = r.nextInt(24 - width.bytes() + 1);
                long stored = immediate ? (int) value : value;
                Program program = program(
                        new Instruction.LoadImm64(Register.R2, value),
                        new Instruction.Alu(AluOp.ADD, true, Register.R1, new Immediate(24)),
                        new Instruction.Store(
                                width,
                                Register.R1,
                                (short) (offset - 24),
                                immediate ? new Immediate((int) value) : Register.R2),
                        new Instruction.Mov(true, 0, Register.R0, new Immediate(0)),
                        new Instruction.Exit());
                for (Engine engine : ENGINES) {
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment memory = arena.allocate(24).fill((byte) 0x5A);
                        engine.run(program, memory, arena);
                        for (int i = 0; i < 24; i++) {
                            boolean inside = i >= offset && i < offset + width.bytes();
                            byte expected = inside ? (byte) (stored >>> (8 * (i - offset))) : 0x5A;
                            assertThat(memory.get(ValueLayout.JAVA_BYTE, i)).isEqualTo(expected);
                        }
                    }
                }
            }
        }
    }

    private static long afterwards(AtomicOp op, long memory, long operand, long r0) {
        return switch (op) {
            case ADD -> memory + operand;
            case OR -> memory | operand;
            case AND -> memory & operand;
            case XOR -> memory ^ operand;
            case XCHG -> operand;
            case CMPXCHG -> memory == r0 ? operand : memory;
        };
    }

    @Property(tries = 100)
    void atomic_everyOperation_updatesMemoryAndFetches(
            @ForAll long before, @ForAll long operand, @ForAll long other, @ForAll boolean equal) {
        long r0 = equal ? before : other;
        for (AtomicOp op : AtomicOp.values()) {
            for (boolean is64 : new boolean[] {true, false}) {
                for (boolean fetch : new boolean[] {true, false}) {
                    if (!fetch && (op == AtomicOp.XCHG || op == AtomicOp.CMPXCHG)) {
                        continue;
                    }
                    LongUnaryOperator width = is64 ? v -> v : v -> v & 0xFFFF_FFFFL;
                    long old = width.applyAsLong(before);
                    long after =
                            width.applyAsLong(afterwards(op, old, width.applyAsLong(operand), width.applyAsLong(r0)));
                    boolean compares = op == AtomicOp.CMPXCHG;
                    long expectedR0 = compares ? old : r0;
                    long expectedSource = fetch && !compares ? old : operand;
                    assertAtomic(
                            new Instruction.Atomic(op, is64, fetch, Register.R1, (short) 8, Register.R3),
                            before,
                            operand,
                            r0,
                            is64 ? after : after | (before & ~0xFFFF_FFFFL),
                            expectedR0 * 31 + expectedSource);
                }
            }
        }
    }

    private static void assertAtomic(
            Instruction atomic, long before, long operand, long r0, long memoryAfter, long result) {
        Program program = program(
                new Instruction.LoadImm64(Register.R3, operand),
                new Instruction.LoadImm64(Register.R0, r0),
                atomic,
                new Instruction.Alu(AluOp.MUL, true, Register.R0, new Immediate(31)),
                new Instruction.Alu(AluOp.ADD, true, Register.R0, Register.R3),
                new Instruction.Exit());
        for (Engine engine : ENGINES) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(24, 8).fill((byte) 0x5A);
                memory.set(U64, 8, before);
                assertThat(engine.run(program, memory, arena)).as("%s", atomic).isEqualTo(result);
                assertThat(memory.get(U64, 8)).as("%s", atomic).isEqualTo(memoryAfter);
                assertThat(memory.get(U32, 0)).isEqualTo(0x5A5A5A5A);
                assertThat(memory.get(U32, 16)).isEqualTo(0x5A5A5A5A);
            }
        }
    }

    @Test
    void callLocal_nested_keepsCallersRegistersAndFrame() {
        // f(n) = n == 0 ? 0 : n + f(n - 1), with n kept in r6 and in the frame across the call.
        Program program = program(
                new Instruction.Mov(true, 0, Register.R1, new Immediate(6)),
                new Instruction.Mov(true, 0, Register.R6, new Immediate(1000)),
                new Instruction.CallLocal(2),
                new Instruction.Alu(AluOp.ADD, true, Register.R0, Register.R6),
                new Instruction.Exit(),
                new Instruction.CondJump(JumpOp.NE, true, Register.R1, new Immediate(0), (short) 2),
                new Instruction.Mov(true, 0, Register.R0, new Immediate(0)),
                new Instruction.Exit(),
                new Instruction.Mov(true, 0, Register.R6, Register.R1),
                new Instruction.Store(Width.DW, Register.R10, (short) -512, Register.R1),
                new Instruction.Store(Width.DW, Register.R10, (short) -8, Register.R1),
                new Instruction.Alu(AluOp.ADD, true, Register.R1, new Immediate(-1)),
                new Instruction.CallLocal(-8),
                new Instruction.Load(Width.DW, false, Register.R1, Register.R10, (short) -8),
                new Instruction.Alu(AluOp.ADD, true, Register.R0, Register.R1),
                new Instruction.Load(Width.DW, false, Register.R1, Register.R10, (short) -512),
                new Instruction.Alu(AluOp.SUB, true, Register.R1, Register.R6),
                new Instruction.Alu(AluOp.ADD, true, Register.R0, Register.R1),
                new Instruction.Exit());
        assertThat(Engines.fast(program)).isEqualTo(1021);
        assertThat(Engines.compiled(program)).isEqualTo(1021);
        assertThat(Engines.inChunks(program)).isEqualTo(1021);
        assertThat(Engines.checked(program)).isEqualTo(1021);
    }

    @Test
    void callLocal_pointerIntoCallersFrame_isUsable() {
        Program program = program(
                new Instruction.Mov(true, 0, Register.R1, Register.R10),
                new Instruction.Alu(AluOp.ADD, true, Register.R1, new Immediate(-16)),
                new Instruction.CallLocal(2),
                new Instruction.Load(Width.DW, false, Register.R0, Register.R10, (short) -16),
                new Instruction.Exit(),
                new Instruction.Store(Width.DW, Register.R1, (short) 0, new Immediate(-77)),
                new Instruction.Exit());
        assertThat(Engines.fast(program)).isEqualTo(-77);
        assertThat(Engines.compiled(program)).isEqualTo(-77);
        assertThat(Engines.inChunks(program)).isEqualTo(-77);
        assertThat(Engines.checked(program)).isEqualTo(-77);
    }
}
