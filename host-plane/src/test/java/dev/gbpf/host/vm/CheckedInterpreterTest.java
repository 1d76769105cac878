package dev.gbpf.host.vm;

import static dev.gbpf.host.vm.Engines.program;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.vm.ExecutionFault.Kind;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckedInterpreterTest {
    private final Arena arena = Arena.ofConfined();
    private final BpfMap array = MapFactory.create(new MapDefinition("a", MapKind.ARRAY, 4, 12, 2));
    private final BpfMap constant = MapFactory.create(new MapDefinition("c", MapKind.ARRAY, 4, 8, 1).asReadOnly());
    private final BpfMap hash = MapFactory.create(new MapDefinition("h", MapKind.HASH, 8, 8, 2));

    @AfterEach
    void free() {
        arena.close();
        array.close();
        constant.close();
        hash.close();
    }

    private ExecutionFault fault(Instruction... instructions) {
        return fault(MemoryRegions.NONE, 0, instructions);
    }

    private ExecutionFault fault(MemoryRegions memory, long r1, Instruction... instructions) {
        CheckedInterpreter interpreter =
                new CheckedInterpreter(program(instructions), List.of(array, hash, constant), arena);
        return catchThrowableOfType(
                ExecutionFault.class, () -> interpreter.run(r1, 0, Engines.NO_SERVICES, memory, 100));
    }

    private static Instruction load(Width width, Register base, int offset) {
        return new Instruction.Load(width, false, Register.R0, base, (short) offset);
    }

    private static Instruction mov(Register dst, int value) {
        return new Instruction.Mov(true, 0, dst, new Immediate(value));
    }

    private static Instruction map(Register dst, int index) {
        return new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, dst, index, 0);
    }

    private static final Instruction EXIT = new Instruction.Exit();

    private static void assertFault(ExecutionFault fault, int pc, Kind kind, String message) {
        assertThat(fault).isNotNull();
        assertThat(fault.pc()).isEqualTo(pc);
        assertThat(fault.kind()).isEqualTo(kind);
        assertThat(fault).hasMessageContaining("pc=" + pc + ": ").hasMessageContaining(message);
    }

    @Test
    void readOnlyMap_writes_fault() {
        Instruction value = new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, Register.R1, 2, 0);
        Instruction store = new Instruction.Store(Width.W, Register.R1, (short) 0, new Immediate(1));
        assertFault(fault(value, store, EXIT), 2, Kind.BAD_ACCESS, "write of bytes=4 at r1+0");
        assertThat(fault(value, load(Width.W, Register.R1, 0), EXIT)).isNull();
        Instruction update = new Instruction.CallHelper(Helper.MAP_UPDATE_ELEM.id());
        assertFault(fault(map(Register.R1, 2), update, EXIT), 2, Kind.BAD_CALL, "is read-only");
    }

    @Test
    void access_outsideOfTheFrame_faults() {
        assertFault(fault(load(Width.B, Register.R10, 0), EXIT), 0, Kind.BAD_ACCESS, "read of bytes=1 at r10+0");
        assertFault(fault(load(Width.DW, Register.R10, -4), EXIT), 0, Kind.BAD_ACCESS, "read of bytes=8 at r10-4");
        assertFault(fault(load(Width.B, Register.R10, -513), EXIT), 0, Kind.BAD_ACCESS, "r10-513");
        assertFault(fault(mov(Register.R1, 0), load(Width.W, Register.R1, 8), EXIT), 1, Kind.BAD_ACCESS, "r1+8=0x8");
        assertThat(fault(load(Width.DW, Register.R10, -512), EXIT)).isNull();
        assertThat(fault(load(Width.B, Register.R10, -1), EXIT)).isNull();
    }

    @Test
    void access_frameOfAFunctionThatReturned_faults() {
        ExecutionFault fault = fault(
                new Instruction.CallLocal(2),
                load(Width.DW, Register.R0, 0),
                EXIT,
                new Instruction.Mov(true, 0, Register.R0, Register.R10),
                new Instruction.Alu(AluOp.ADD, true, Register.R0, new Immediate(-8)),
                EXIT);
        assertFault(fault, 1, Kind.BAD_ACCESS, "read of bytes=8");
    }

    @Test
    void context_onlyWritableFields_canBeWritten() {
        long context = arena.allocate(Hook.ON_SUBMIT.context().size(), 8).address();
        MemoryRegions regions = MemoryRegions.ofContext(Hook.ON_SUBMIT.context(), context);
        int tenant = Hook.ON_SUBMIT.context().offsetOf("tenant");
        int reason = Hook.ON_SUBMIT.context().offsetOf("reason");
        Instruction writeTenant = new Instruction.Store(Width.W, Register.R1, (short) tenant, new Immediate(1));
        Instruction writeReason = new Instruction.Store(Width.DW, Register.R1, (short) reason, new Immediate(1));
        assertThat(fault(regions, context, load(Width.W, Register.R1, tenant), EXIT))
                .isNull();
        assertThat(fault(regions, context, writeReason, EXIT)).isNull();
        assertFault(fault(regions, context, writeTenant, EXIT), 0, Kind.BAD_ACCESS, "write of bytes=4 at r1+" + tenant);
        assertFault(
                fault(
                        regions,
                        context,
                        load(Width.W, Register.R1, Hook.ON_SUBMIT.context().size()),
                        EXIT),
                0,
                Kind.BAD_ACCESS,
                "read");
    }

    @Test
    void array_acrossItsEnd_faults() {
        Instruction address = new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, Register.R1, 0, 16);
        assertThat(fault(address, load(Width.DW, Register.R1, 0), EXIT)).isNull();
        assertThat(fault(address, load(Width.W, Register.R1, 8), EXIT)).isNull();
        assertThat(fault(address, load(Width.DW, Register.R1, -4), EXIT)).isNull();
        assertFault(fault(address, load(Width.DW, Register.R1, 12), EXIT), 2, Kind.BAD_ACCESS, "read of bytes=8");
        assertFault(fault(address, load(Width.W, Register.R1, 16), EXIT), 2, Kind.BAD_ACCESS, "read of bytes=4");
    }

    @Test
    void helper_badArguments_faults() {
        Instruction lookup = new Instruction.CallHelper(1);
        assertFault(fault(mov(Register.R1, 5), lookup, EXIT), 1, Kind.BAD_CALL, "map_lookup_elem argument map=0x5");
        assertFault(fault(map(Register.R1, 1), mov(Register.R2, 5), lookup, EXIT), 3, Kind.BAD_ACCESS, "argument key");
        assertFault(
                fault(
                        map(Register.R1, 1),
                        new Instruction.Mov(true, 0, Register.R2, Register.R10),
                        new Instruction.Alu(AluOp.ADD, true, Register.R2, new Immediate(-4)),
                        lookup,
                        EXIT),
                4,
                Kind.BAD_ACCESS,
                "read of bytes=8");
        assertFault(fault(new Instruction.CallHelper(4), EXIT), 0, Kind.BAD_CALL, "no helper of number=4");
        assertFault(fault(map(Register.R1, 3), EXIT), 0, Kind.BAD_ACCESS, "map index=3");
    }

    @Test
    void program_withoutEnd_faults() {
        assertFault(fault(new Instruction.Jump(-1, false)), 0, Kind.BUDGET, "budget=100");
        assertFault(fault(mov(Register.R0, 0)), 1, Kind.LEFT_PROGRAM, "at its end");
        assertFault(
                fault(new Instruction.Jump(1, false), new Instruction.LoadImm64(Register.R0, 1), EXIT),
                0,
                Kind.LEFT_PROGRAM,
                "offset=1");
        assertFault(fault(new Instruction.CallLocal(-1), EXIT), 0, Kind.CALL_DEPTH, "more than 8");
    }

    @Test
    void instruction_thatNoVerifierAccepts_faults() {
        assertFault(fault(mov(Register.R10, 0), EXIT), 0, Kind.FRAME_POINTER, "read-only");
        assertFault(fault(new Instruction.CallBtf(3), EXIT), 0, Kind.UNSUPPORTED, "id=3");
        assertFault(fault(new Instruction.CallRegister(Register.R2), EXIT), 0, Kind.UNSUPPORTED, "r2");
        assertFault(
                fault(new Instruction.LoadPseudo(PseudoKind.CODE, Register.R2, 0, 0), EXIT),
                0,
                Kind.UNSUPPORTED,
                "variables and code");
        assertFault(
                fault(new Instruction.Atomic(AtomicOp.ADD, true, false, Register.R10, (short) -12, Register.R1), EXIT),
                0,
                Kind.MISALIGNED_ATOMIC,
                "not aligned to bytes=8");
    }

    @Test
    void run_counts_instructionsAndHelperCalls() {
        Program program = program(
                map(Register.R1, 1),
                new Instruction.Store(Width.DW, Register.R10, (short) -8, new Immediate(1)),
                new Instruction.Mov(true, 0, Register.R2, Register.R10),
                new Instruction.Alu(AluOp.ADD, true, Register.R2, new Immediate(-8)),
                new Instruction.CallHelper(1),
                EXIT);
        List<Integer> seen = new ArrayList<>();
        CheckedInterpreter.Result result = new CheckedInterpreter(program, List.of(array, hash), arena)
                .run(0, 0, Engines.NO_SERVICES, MemoryRegions.NONE, 6, (index, registers, depth) -> {
                    seen.add(index);
                    assertThat(registers).hasSize(11);
                    assertThat(depth).isZero();
                });
        assertThat(result).isEqualTo(new CheckedInterpreter.Result(0, 6, 1));
        assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5);
        try (Arena own = Arena.ofConfined()) {
            InterpretedProgram fast = new InterpretedProgram(program, List.of(array, hash), own);
            assertThat(fast.runCounted(0, Engines.NO_SERVICES)).isEqualTo(result);
        }
    }
}
