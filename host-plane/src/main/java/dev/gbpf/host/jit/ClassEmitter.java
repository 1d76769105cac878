package dev.gbpf.host.jit;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The class of an image. It has a method for each function of each program, fields for the maps and the stack, and the number
 * of the program that an object runs:
 *
 * <pre>
 * final class CompiledPolicy extends CompiledProgram {
 *     private final HelperCalls helpers;
 *     private final long cpu;           // number of the decision thread
 *     private final long frame;         // end of the first function's frame
 *     private final long spill;         // where chunks hand registers over
 *     private final int program;
 *     private final HashTableMap map0;
 *     private final long base0;         // of an array: address of its first element, times 4
 *
 *     public long run(long context, PlaneServices services);
 *     public long run(long r1, long r2, PlaneServices services);
 *     private long p0(long r1, long r10, PlaneServices services);
 *     private long p0_pc12(long r1, PlaneServices services);  // the function at slot 12 of program 0
 * }
 * </pre>
 */
final class ClassEmitter {
    static final String NAME = Type.getInternalName(CompiledProgram.class).replace("CompiledProgram", "CompiledPolicy");
    static final String SERVICES = Type.getDescriptor(PlaneServices.class);
    static final String HELPERS = "helpers";
    static final String CPU = "cpu";
    static final String FRAME = "frame";
    static final String SPILL = "spill";
    private static final String PROGRAM = "program";
    private static final String RUN = "(JJ" + SERVICES + ")J";
    private static final String BASE_CLASS = Type.getInternalName(CompiledProgram.class);

    private final ClassWriter writer = new ClassWriter(0);
    private final Constants constants = new Constants();
    private final List<MapDefinition> maps;
    private final HelperLinking linking;
    private final boolean lines;
    private final int limit;

    private ClassEmitter(List<MapDefinition> maps, HelperLinking linking, boolean lines, int limit) {
        this.maps = maps;
        this.linking = linking;
        this.lines = lines;
        this.limit = limit;
    }

    /**
     * The class file of programs.
     *
     * @param lines whether line numbers, which stand for slots, go into it
     * @param limit bytes of bytecode that a method may have
     * @throws IllegalArgumentException when a program has something that the verifier refuses
     * @throws CodeTooLargeException when there is no room in a class file
     */
    static byte[] emit(
            List<Program> programs, List<MapDefinition> maps, HelperLinking linking, boolean lines, int limit)
            throws CodeTooLargeException {
        ClassEmitter emitter = new ClassEmitter(maps, linking, lines, limit);
        try {
            return emitter.emit(programs);
        } catch (ClassTooLargeException | MethodTooLargeException e) {
            throw new CodeTooLargeException("no class file has room for the programs: " + e.getMessage(), e);
        }
    }

    static String map(int index) {
        return "map" + index;
    }

    static String base(int index) {
        return "base" + index;
    }

    ClassWriter out() {
        return writer;
    }

    Constants constants() {
        return constants;
    }

    List<MapDefinition> maps() {
        return maps;
    }

    HelperLinking linking() {
        return linking;
    }

    boolean lines() {
        return lines;
    }

    private byte[] emit(List<Program> programs) throws CodeTooLargeException {
        writer.visit(Opcodes.V25, Opcodes.ACC_FINAL | Opcodes.ACC_SUPER, NAME, null, BASE_CLASS, null);
        fields();
        constructor();
        List<FunctionShape> entries = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            entries.add(program(i, programs.get(i)));
        }
        run(entries);
        runWithContext();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private void fields() {
        field(HELPERS, Type.getDescriptor(HelperCalls.class));
        field(CPU, "J");
        field(FRAME, "J");
        field(SPILL, "J");
        field(PROGRAM, "I");
        for (int i = 0; i < maps.size(); i++) {
            int number = i;
            MapReference.type(maps.get(i)).ifPresent(type -> field(map(number), Type.getDescriptor(type)));
            if (MapReference.hasBase(maps.get(i))) {
                field(base(i), "J");
            }
        }
    }

    private void field(String name, String descriptor) {
        writer.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, name, descriptor, null, null)
                .visitEnd();
    }

    private void constructor() {
        MethodVisitor code =
                writer.visitMethod(0, "<init>", CompiledCode.CONSTRUCTOR.toMethodDescriptorString(), null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, BASE_CLASS, "<init>", "()V", false);
        int parameter = 1;
        set(code, HELPERS, Type.getType(HelperCalls.class), parameter++);
        set(code, CPU, Type.LONG_TYPE, parameter);
        parameter += 2;
        set(code, FRAME, Type.LONG_TYPE, parameter);
        parameter += 2;
        set(code, SPILL, Type.LONG_TYPE, parameter);
        parameter += 2;
        set(code, PROGRAM, Type.INT_TYPE, parameter++);
        for (int i = 0; i < maps.size(); i++) {
            int number = i;
            int table = parameter;
            MapReference.type(maps.get(i)).ifPresent(type -> setMap(code, number, type, table));
        }
        code.visitInsn(Opcodes.RETURN);
        code.visitMaxs(6, parameter + 1);
        code.visitEnd();
    }

    /** Sets the fields of a map from the table of maps. */
    private void setMap(MethodVisitor code, int number, Class<? extends BpfMap> type, int table) {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ALOAD, table);
        constants.pushInt(code, number);
        code.visitInsn(Opcodes.AALOAD);
        code.visitTypeInsn(Opcodes.CHECKCAST, Type.getInternalName(type));
        if (MapReference.hasBase(maps.get(number))) {
            code.visitInsn(Opcodes.DUP2);
            code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, Type.getInternalName(type), "address", "()J", false);
            constants.pushInt(code, CodeBuilder.ADDRESS_SHIFT);
            code.visitInsn(Opcodes.LSHL);
            code.visitFieldInsn(Opcodes.PUTFIELD, NAME, base(number), "J");
        }
        code.visitFieldInsn(Opcodes.PUTFIELD, NAME, map(number), Type.getDescriptor(type));
    }

    private static void set(MethodVisitor code, String field, Type type, int local) {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), local);
        code.visitFieldInsn(Opcodes.PUTFIELD, NAME, field, type.getDescriptor());
    }

    /** Writes the methods of a program, and gives the shape of its first function. */
    private FunctionShape program(int number, Program program) throws CodeTooLargeException {
        List<ProgramFunction> functions = ProgramFunction.of(program);
        List<int[]> live = functions.stream().map(Liveness::of).toList();
        List<Chunks> chunks = functions.stream().map(f -> Chunks.of(f, limit)).toList();
        Map<Integer, FunctionShape> shapes = new HashMap<>();
        List<FunctionShape> inOrder = new ArrayList<>();
        for (int i = 0; i < functions.size(); i++) {
            ProgramFunction function = functions.get(i);
            String name = i == 0 ? "p" + number : "p" + number + "_pc" + function.pc(function.entry());
            int taken = live.get(i)[function.entry()] | (chunks.get(i).isWhole() ? 0 : RegisterUse.FRAME);
            inOrder.add(FunctionShape.of(name, taken));
            shapes.put(function.entryIndex(), inOrder.get(i));
        }
        for (int i = 0; i < functions.size(); i++) {
            new FunctionEmitter(this, functions.get(i), chunks.get(i), live.get(i), inOrder.get(i), shapes).emit();
        }
        return inOrder.getFirst();
    }

    private void run(List<FunctionShape> entries) {
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL, "run", RUN, null, null);
        CodeBuilder code = new CodeBuilder(method, constants);
        code.parameter(NAME);
        code.parameter(Register.R1);
        code.parameter(Register.R2);
        int services = code.parameter(Type.getInternalName(PlaneServices.class));
        List<Label> labels = entries.stream().map(_ -> new Label()).toList();
        code.field(PROGRAM, "I").select(0, labels, labels.getFirst());
        for (int i = 0; i < entries.size(); i++) {
            FunctionShape entry = entries.get(i);
            code.label(labels.get(i)).loadObject(0);
            for (Register parameter : entry.parameters()) {
                if (parameter == Register.R10) {
                    code.field(FRAME, "J");
                } else if (code.has(parameter)) {
                    code.load(parameter);
                } else {
                    code.push(0);
                }
            }
            code.loadObject(services).callOwn(entry.name(), entry.descriptor()).op(Opcodes.LRETURN);
        }
        code.end();
    }

    private void runWithContext() {
        MethodVisitor method =
                writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL, "run", "(J" + SERVICES + ")J", null, null);
        CodeBuilder code = new CodeBuilder(method, constants);
        code.parameter(NAME);
        code.parameter(Register.R1);
        int services = code.parameter(Type.getInternalName(PlaneServices.class));
        code.loadObject(0)
                .load(Register.R1)
                .knownAddress()
                .push(0)
                .loadObject(services)
                .callOwn("run", RUN)
                .op(Opcodes.LRETURN);
        code.end();
    }
}
