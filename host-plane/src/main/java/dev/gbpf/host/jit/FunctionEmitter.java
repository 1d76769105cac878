package dev.gbpf.host.jit;

import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.jit.Chunks.Chunk;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The methods of one function: one, or a driver and several chunks. */
final class FunctionEmitter {
    /*
     * Chunks hand registers to each other through a stretch of memory beside the stack, 128 bytes for each frame. A chunk takes
     * in, at its start, what lives at any of its entries, and on its way out writes what it changed and what lives at
     * any of its exits; a register that is dead on the way that was taken has no meaning there, and nobody reads it.
     */
    static final String CHUNK = "(IJJ" + ClassEmitter.SERVICES + ")I";

    private final ClassVisitor out;
    private final Constants constants;
    private final boolean lines;
    private final List<MapDefinition> maps;
    private final HelperLinking linking;
    private final Map<Integer, FunctionShape> shapes;
    private final ProgramFunction function;
    private final FunctionShape shape;
    private final Chunks chunks;
    private final int[] live;
    private final BitSet joins = new BitSet();

    FunctionEmitter(
            ClassEmitter owner,
            ProgramFunction function,
            Chunks chunks,
            int[] live,
            FunctionShape shape,
            Map<Integer, FunctionShape> shapes) {
        this.out = owner.out();
        this.constants = owner.constants();
        this.lines = owner.lines();
        this.maps = owner.maps();
        this.linking = owner.linking();
        this.shapes = shapes;
        this.function = function;
        this.shape = shape;
        this.chunks = chunks;
        this.live = live;
        for (int p = 0; p < function.size(); p++) {
            if (function.target(p) >= 0) {
                joins.set(function.target(p));
            }
        }
    }

    void emit() {
        if (chunks.isWhole()) {
            whole();
            return;
        }
        chunks.list().forEach(this::chunk);
        new ChunkDriver(out, constants, shape, chunks).emit(chunks.transfer(function.entry()));
    }

    private CodeBuilder method(String name, String descriptor) {
        MethodVisitor method = out.visitMethod(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, name, descriptor, null, null);
        return new CodeBuilder(method, constants);
    }

    private void whole() {
        CodeBuilder code = method(shape.name(), shape.descriptor());
        code.parameter(ClassEmitter.NAME);
        shape.parameters().forEach(code::parameter);
        int services = code.parameter(Type.getInternalName(PlaneServices.class));
        if (code.has(Register.R10)) {
            code.knownFrame();
        }
        Chunk all = chunks.list().getFirst();
        for (Register register : registers(used(all))) {
            if (!code.has(register)) {
                code.zero(register);
            }
        }
        Body body = new Body(code, all, services);
        if (function.entry() != 0) {
            code.jump(Opcodes.GOTO, body.label(function.entry()));
        }
        body.emit();
        code.end();
    }

    private static List<Register> registers(int set) {
        List<Register> registers = new ArrayList<>();
        for (Register register : Register.values()) {
            if ((set & 1 << register.number()) != 0) {
                registers.add(register);
            }
        }
        return registers;
    }

    private int used(Chunk chunk) {
        int used = 0;
        for (int p = chunk.start(); p < chunk.end(); p++) {
            used |= RegisterUse.reads(function.get(p)) | RegisterUse.writes(function.get(p));
        }
        return used;
    }

    // ---- chunks

    private void chunk(Chunk chunk) {
        CodeBuilder code = method(ChunkDriver.chunkName(shape, chunk.number()), CHUNK);
        code.parameter(ClassEmitter.NAME);
        int entry = code.intParameter();
        code.parameter(Register.R10);
        int spill = code.longParameter();
        int services = code.parameter(Type.getInternalName(PlaneServices.class));
        code.knownFrame();
        int liveIn = 0;
        for (int position : chunk.entries().keySet()) {
            liveIn |= live[position];
        }
        for (Register register : registers(used(chunk) & ~RegisterUse.FRAME)) {
            if ((liveIn & 1 << register.number()) != 0) {
                spillAddress(code.access(Width.DW), spill, register).get(Width.DW, false);
                code.define(register);
            } else {
                code.zero(register);
            }
        }
        int next = code.zeroInt();
        Body body = new Body(code, chunk, services);
        body.spill = spill;
        List<Label> entries = chunk.entries().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(e -> body.label(e.getKey()))
                .toList();
        code.loadInt(entry).select(0, entries, entries.getFirst());
        body.emit();
        leave(code, chunk, body, spill, next);
        code.end();
    }

    private static CodeBuilder spillAddress(CodeBuilder code, int spill, Register register) {
        return ChunkDriver.spillAddress(code, spill, register);
    }

    /** The ways out of a chunk. */
    private void leave(CodeBuilder code, Chunk chunk, Body body, int spill, int next) {
        if (body.exits.isEmpty()) {
            return;
        }
        Label leave = new Label();
        int liveOut = 0;
        for (Map.Entry<Integer, Label> exit : body.exits.entrySet()) {
            liveOut |= live[exit.getKey()];
            code.label(exit.getValue()).pushInt(chunks.transfer(exit.getKey())).storeInt(next);
            code.jump(Opcodes.GOTO, leave);
        }
        int written = 0;
        for (int p = chunk.start(); p < chunk.end(); p++) {
            written |= RegisterUse.writes(function.get(p));
        }
        code.label(leave);
        for (Register register : registers(written & liveOut)) {
            spillAddress(code.access(Width.DW), spill, register).load(register).set(Width.DW);
        }
        code.loadInt(next).op(Opcodes.IRETURN);
    }

    /** The instructions of one method. */
    private final class Body {
        private final CodeBuilder code;
        private final Chunk chunk;
        private final InstructionEmitter instructions;
        private final CallEmitter calls;
        private final Map<Integer, Label> labels = new LinkedHashMap<>();
        /** Positions outside that the method leads to. */
        private final Map<Integer, Label> exits = new LinkedHashMap<>();
        /** The local variable with the address where registers are handed over, -1 in a function of one method. */
        private int spill = -1;

        Body(CodeBuilder code, Chunk chunk, int services) {
            this.code = code;
            this.chunk = chunk;
            this.instructions = new InstructionEmitter(code);
            this.calls = new CallEmitter(code, function, maps, linking, shapes, joins, services);
        }

        Label label(int position) {
            return (chunk.contains(position) ? labels : exits).computeIfAbsent(position, _ -> new Label());
        }

        void emit() {
            for (int p = chunk.start(); p < chunk.end(); p++) {
                if (joins.get(p) || labels.containsKey(p)) {
                    code.label(label(p));
                }
                if (lines) {
                    code.line(function.pc(p));
                }
                instruction(p);
            }
            if (function.fallsThrough(chunk.end() - 1)) {
                code.jump(Opcodes.GOTO, label(chunk.end()));
            }
        }

        private void instruction(int p) {
            switch (function.get(p)) {
                case Instruction.Alu alu -> instructions.alu(alu);
                case Instruction.Mov mov -> instructions.mov(mov);
                case Instruction.Neg neg -> instructions.neg(neg);
                case Instruction.ByteSwap swap -> instructions.byteSwap(swap);
                case Instruction.LoadImm64 load -> code.push(load.value()).store(load.dst());
                case Instruction.LoadPseudo load -> calls.loadPseudo(p, load);
                case Instruction.Load load -> instructions.load(load);
                case Instruction.Store store -> instructions.store(store);
                case Instruction.Atomic atomic -> instructions.atomic(atomic);
                case Instruction.Jump _ -> code.jump(Opcodes.GOTO, label(function.target(p)));
                case Instruction.CondJump jump -> instructions.condJump(jump, label(function.target(p)));
                case Instruction.CallHelper call -> calls.callHelper(p, call);
                case Instruction.CallLocal _ -> calls.callLocal(p);
                case Instruction.CallBtf _ -> throw refused(p, "there are no helpers by BTF id");
                case Instruction.CallRegister _ -> throw refused(p, "calls by register are not supported");
                case Instruction.Exit _ -> exit();
            }
        }

        private IllegalArgumentException refused(int p, String why) {
            return ProgramFunction.refused(function.program(), function.index(p), why);
        }

        private void exit() {
            if (spill < 0) {
                code.load(Register.R0).op(Opcodes.LRETURN);
                return;
            }
            spillAddress(code.access(Width.DW), spill, Register.R0)
                    .load(Register.R0)
                    .set(Width.DW);
            code.op(Opcodes.ICONST_M1).op(Opcodes.IRETURN);
        }
    }
}
