package dev.gbpf.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the interpreter must be, apart from right, to be fast. */
class InterpreterShapeTest {
    /** HotSpot's HugeMethodLimit. */
    private static final int HUGE_METHOD = 8000;

    @Test
    void everyMethod_size_letsHotSpotCompileIt() throws IOException {
        try (InputStream in = Interpreter.class.getResourceAsStream("Interpreter.class")) {
            assertThat(in).isNotNull();
            for (MethodModel method : ClassFile.of().parse(in.readAllBytes()).methods()) {
                int bytes = method.code()
                        .map(code -> ((CodeAttribute) code).codeLength())
                        .orElse(0);
                assertThat(bytes).as(method.methodName().stringValue()).isLessThan(HUGE_METHOD);
            }
        }
    }

    @Test
    void run_repeated_allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (BpfMap map = MapFactory.create(new MapDefinition("h", MapKind.HASH, 8, 8, 16));
                Arena arena = Arena.ofConfined()) {
            InterpretedProgram program = new InterpretedProgram(updateLookupDelete(), List.of(map), arena);
            for (int i = 0; i < 20_000; i++) {
                assertThat(program.run(0, Engines.NO_SERVICES)).isEqualTo(41);
            }
            int runs = 10_000;
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < runs; i++) {
                program.run(0, Engines.NO_SERVICES);
            }
            // Less than a byte each: the measurement itself may allocate, a run may not.
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(runs);
        }
    }

    /** Puts 40 under a key, adds 1 to it where it lies, reads it into r0 and removes it. */
    private static Program updateLookupDelete() {
        return Engines.program(
                new Instruction.Store(Width.DW, Register.R10, (short) -8, new Immediate(7)),
                new Instruction.Store(Width.DW, Register.R10, (short) -16, new Immediate(40)),
                new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, Register.R1, 0, 0),
                new Instruction.Mov(true, 0, Register.R2, Register.R10),
                new Instruction.Alu(AluOp.ADD, true, Register.R2, new Immediate(-8)),
                new Instruction.Mov(true, 0, Register.R3, Register.R10),
                new Instruction.Alu(AluOp.ADD, true, Register.R3, new Immediate(-16)),
                new Instruction.Mov(true, 0, Register.R4, new Immediate(0)),
                new Instruction.CallHelper(2),
                new Instruction.CallHelper(1),
                new Instruction.Mov(true, 0, Register.R3, new Immediate(1)),
                new Instruction.Atomic(AtomicOp.ADD, true, false, Register.R0, (short) 0, Register.R3),
                new Instruction.Load(Width.DW, false, Register.R6, Register.R0, (short) 0),
                new Instruction.CallHelper(3),
                new Instruction.Mov(true, 0, Register.R0, Register.R6),
                new Instruction.Exit());
    }
}
