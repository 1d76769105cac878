package dev.gbpf.host.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.AssemblyResult;
import dev.gbpf.bench.InstantServices;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.testkit.ScriptedServices;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

/** What generated classes must be, apart from right. */
class GeneratedClassTest {
    /** HotSpot's HugeMethodLimit. */
    private static final int HUGE_METHOD = 8000;

    private static final int HUGE_PROGRAM = Boolean.getBoolean("gbpf.long") ? 1_000_000 : 100_000;

    @Test
    void everyMethodOfThePlane_isCalledDirectly() {
        Set<String> targets = Arrays.stream(Helper.values())
                .flatMap(helper -> HelperTarget.of(helper.id()).stream())
                .filter(target -> !target.onMap())
                .map(HelperTarget::name)
                .collect(Collectors.toSet());
        assertThat(PlaneServices.class.getMethods()).allMatch(method -> targets.contains(method.getName()));
        assertThat(HelperTarget.of(Helper.MAP_LOOKUP_ELEM.id())).contains(new HelperTarget("lookupElem", 1, true));
    }

    @Test
    void hugeProgram_inManyMethods_runsAsInterpreted() throws CodeTooLargeException {
        Program program = hugeProgram(HUGE_PROGRAM);
        assertMethodsCompile(program);
        try (Arena arena = Arena.ofConfined()) {
            long expected = new InterpretedProgram(program, List.of(), arena).run(0, ScriptedServices.NONE);
            CompiledProgram compiled = JitFixtures.compiled(program, List.of(), arena);
            assertThat(compiled.run(0, ScriptedServices.NONE)).isEqualTo(expected);
        }
    }

    @Test
    void everyMethod_ofTheLargestInstructions_letsHotSpotCompileIt() throws CodeTooLargeException {
        Random random = new Random(4);
        for (int kind = 0; kind < 6; kind++) {
            List<Instruction> instructions = new ArrayList<>();
            for (int i = 0; i < 40_000; i++) {
                instructions.add(large(kind, random));
            }
            for (int i = 0; i < 300; i++) {
                instructions.add(new Instruction.Neg(true, Register.R0));
            }
            instructions.add(new Instruction.Exit());
            assertMethodsCompile(new Program(instructions));
        }
    }

    /** More of them can make HotSpot's first compiler overflow the stack of its thread; see {@link CodeSize}. */
    @Test
    void everyMethod_ofAProgramThatOnlyAccessesMemory_hasFewVariableHandles() throws CodeTooLargeException {
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Register register = Register.of(i % 9);
            instructions.add(
                    i % 2 == 0
                            ? new Instruction.Store(Width.DW, Register.R10, (short) -8, register)
                            : new Instruction.Load(Width.DW, false, register, Register.R10, (short) -8));
        }
        instructions.add(new Instruction.Exit());
        byte[] classFile = emit(new Program(instructions));
        for (MethodModel method : ClassFile.of().parse(classFile).methods()) {
            long handles = method.code().stream()
                    .flatMap(code -> code.elementStream())
                    .filter(e -> e instanceof InvokeInstruction call
                            && call.owner().asInternalName().equals("java/lang/invoke/VarHandle"))
                    .count();
            assertThat(handles).as(method.methodName().stringValue()).isLessThan(100);
        }
    }

    @Test
    void getSmpProcessorId_isTheThreadsNumberWithoutACall() throws CodeTooLargeException {
        Program program = new Program(
                List.of(new Instruction.CallHelper(Helper.GET_SMP_PROCESSOR_ID.id()), new Instruction.Exit()));
        CompiledCode code = JitCompiler.compile(List.of(program), List.of(), HelperLinking.DIRECT);
        try (Arena arena = Arena.ofConfined()) {
            for (int cpu : new int[] {0, 3, 4095}) {
                CompiledProgram linked = code.link(List.of(), CompiledCode.allocateStack(arena), cpu)
                        .getFirst();
                assertThat(linked.run(0, ScriptedServices.NONE)).isEqualTo(cpu);
            }
        }
        assertThat(ClassFile.of().parse(code.classFile()).methods().stream()
                        .filter(method -> method.methodName().equalsString("p0"))
                        .flatMap(method -> method.code().orElseThrow().elementStream()))
                .isNotEmpty()
                .noneMatch(InvokeInstruction.class::isInstance);
    }

    private static byte[] emit(Program program) throws CodeTooLargeException {
        return ClassEmitter.emit(List.of(program), List.of(), HelperLinking.DIRECT, false, Chunks.DEFAULT_LIMIT);
    }

    private static Instruction large(int kind, Random random) {
        Immediate imm = new Immediate(random.nextInt());
        return switch (kind) {
            case 0 -> new Instruction.Alu(AluOp.MOD, true, Register.R0, new Immediate(imm.value() >>> 1 | 1));
            case 1 -> new Instruction.LoadImm64(Register.R9, random.nextLong());
            case 2 -> new Instruction.CallHelper(Helper.MAP_LOOKUP_ELEM.id());
            case 3 -> new Instruction.Store(Width.B, Register.R10, (short) -500, imm);
            case 4 -> new Instruction.CondJump(JumpOp.LT, true, Register.R9, imm, (short) random.nextInt(300));
            default -> new Instruction.Alu(AluOp.MOD, false, Register.R9, Register.R8);
        };
    }

    private static void assertMethodsCompile(Program program) throws CodeTooLargeException {
        for (MethodModel method : ClassFile.of().parse(emit(program)).methods()) {
            int bytes = method.code()
                    .map(code -> ((CodeAttribute) code).codeLength())
                    .orElse(0);
            assertThat(bytes).as(method.methodName().stringValue()).isLessThan(HUGE_METHOD);
        }
    }

    /** Arithmetic, memory and loops, some of them over cuts between methods. */
    private static Program hugeProgram(int size) {
        Random random = new Random(5);
        List<Instruction> out = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            out.add(new Instruction.Mov(true, 0, Register.of(i), new Immediate(random.nextInt())));
        }
        out.add(new Instruction.Store(Width.DW, Register.R10, (short) -8, Register.R1));
        while (out.size() < size) {
            int length = 1 + random.nextInt(900);
            out.add(new Instruction.Mov(true, 0, Register.R9, new Immediate(3)));
            int start = out.size();
            for (int i = 0; i < length; i++) {
                out.add(step(random));
            }
            out.add(new Instruction.Alu(AluOp.SUB, true, Register.R9, new Immediate(1)));
            out.add(new Instruction.CondJump(
                    JumpOp.NE, true, Register.R9, new Immediate(0), (short) (start - out.size() - 1)));
        }
        for (int i = 1; i < 9; i++) {
            out.add(new Instruction.Alu(AluOp.MUL, true, Register.R0, new Immediate(31)));
            out.add(new Instruction.Alu(AluOp.ADD, true, Register.R0, Register.of(i)));
        }
        out.add(new Instruction.Exit());
        return new Program(out);
    }

    private static Instruction step(Random random) {
        Register a = Register.of(random.nextInt(9));
        Register b = Register.of(random.nextInt(9));
        AluOp[] ops = AluOp.values();
        return switch (random.nextInt(6)) {
            case 0 -> new Instruction.Store(Width.DW, Register.R10, (short) -8, a);
            case 1 -> new Instruction.Load(Width.W, true, a, Register.R10, (short) -8);
            case 2 -> new Instruction.CondJump(JumpOp.SGT, true, a, b, (short) 0);
            default -> new Instruction.Alu(ops[random.nextInt(ops.length)], random.nextBoolean(), a, b);
        };
    }

    @Test
    void functionsThatShareTheirCode_moreThanAFew_areLeftToTheInterpreter() {
        // Each of many functions begins one instruction after the other, and shares all the rest with it.
        List<Instruction> out = new ArrayList<>();
        int functions = 50;
        for (int i = 0; i < functions; i++) {
            out.add(new Instruction.CallLocal(functions));
        }
        out.add(new Instruction.Exit());
        for (int i = 0; i < functions; i++) {
            out.add(new Instruction.Mov(true, 0, Register.R0, new Immediate(i)));
        }
        out.add(new Instruction.Exit());
        assertThatThrownBy(() -> JitCompiler.compile(List.of(new Program(out)), List.of(), HelperLinking.DIRECT))
                .isInstanceOf(CodeTooLargeException.class)
                .hasMessageContaining("functions share instructions");
    }

    @Test
    void unverifiedProgram_thatLeavesItsEnd_isRefused() {
        Program program = new Program(List.of(new Instruction.Mov(true, 0, Register.R0, new Immediate(0))));
        assertThatThrownBy(() -> JitCompiler.compile(List.of(program), List.of(), HelperLinking.DIRECT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pc=1: control can leave the program at its end");
    }

    private static final List<MapDefinition> MAPS =
            List.of(new MapDefinition("h", MapKind.HASH, 8, 8, 16), new MapDefinition("a", MapKind.ARRAY, 4, 8, 16));

    /** Puts 40 under a key, adds 1 to it where it lies and the same in an array, asks the time, removes the key. */
    private static final String EVERYTHING = """
            *(u64 *)(r10 - 8) = 7
            *(u64 *)(r10 - 16) = 40
            r1 = map_by_idx(0)
            r2 = r10
            r2 += -8
            r3 = r10
            r3 += -16
            r4 = 0
            call 2
            r1 = map_by_idx(0)
            r2 = r10
            r2 += -8
            call 1
            if r0 == 0 goto +17
            r3 = 1
            lock *(u64 *)(r0 + 0) += r3
            r6 = *(u64 *)(r0 + 0)
            r1 = map_by_idx(1)
            r2 = r10
            r2 += -8
            call 1
            if r0 == 0 goto +7
            *(u64 *)(r0 + 0) = r6
            call 5
            r1 = map_by_idx(0)
            r2 = r10
            r2 += -8
            call 3
            r0 = r6
            exit
            """;

    private static Program everything() {
        AssemblyResult result = Assembler.assemble(new SourceFile("everything", EVERYTHING));
        assertThat(result).isInstanceOf(AssemblyResult.Assembled.class);
        return ((AssemblyResult.Assembled) result).program();
    }

    @Test
    void run_repeated_allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<BpfMap> maps = MAPS.stream().map(MapFactory::create).toList();
        try (Arena arena = Arena.ofConfined()) {
            CompiledProgram program = JitFixtures.compiled(everything(), maps, arena);
            var services = new InstantServices();
            for (int i = 0; i < 20_000; i++) {
                assertThat(program.run(0, services)).isEqualTo(41);
            }
            int runs = 10_000;
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < runs; i++) {
                program.run(0, services);
            }
            // Less than a byte each: the measurement itself may allocate, a run may not.
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(runs);
        } finally {
            maps.forEach(BpfMap::close);
        }
    }

    @Test
    void classFile_checkedByAsm_isValid() throws CodeTooLargeException {
        for (int limit : new int[] {Chunks.DEFAULT_LIMIT, JitFixtures.TINY_METHODS}) {
            byte[] classFile = ClassEmitter.emit(
                    List.of(everything(), hugeProgram(2_000)), MAPS, HelperLinking.DIRECT, true, limit);
            StringWriter problems = new StringWriter();
            CheckClassAdapter.verify(
                    new ClassReader(classFile),
                    CompiledProgram.class.getClassLoader(),
                    false,
                    new PrintWriter(problems, true));
            assertThat(problems.toString()).isEmpty();
        }
    }
}
