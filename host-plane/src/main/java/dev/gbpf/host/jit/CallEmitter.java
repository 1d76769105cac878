package dev.gbpf.host.jit;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.ArrayMap;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.vm.CallFrames;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Calls of helpers and of functions, and the loads of maps that calls need, in one method. */
final class CallEmitter {
    private static final String LOOKUP = "lookupElem";
    private static final String DISPATCH = "(IJJJJJ" + ClassEmitter.SERVICES + ")J";

    private final CodeBuilder code;
    private final ProgramFunction function;
    private final List<MapDefinition> maps;
    private final HelperLinking linking;
    /** Shapes of the program's functions by the index of their first instruction. */
    private final Map<Integer, FunctionShape> shapes;

    private final BitSet joins;
    private final int services;

    /**
     * An emitter for one method.
     *
     * @param joins positions that jumps lead to
     * @param services the local variable that holds the plane's services
     */
    CallEmitter(
            CodeBuilder code,
            ProgramFunction function,
            List<MapDefinition> maps,
            HelperLinking linking,
            Map<Integer, FunctionShape> shapes,
            BitSet joins,
            int services) {
        this.code = code;
        this.function = function;
        this.maps = maps;
        this.linking = linking;
        this.shapes = shapes;
        this.joins = joins;
        this.services = services;
    }

    // ---- maps

    void loadPseudo(int position, Instruction.LoadPseudo load) {
        PseudoKind kind = load.kind();
        if (kind == PseudoKind.VARIABLE || kind == PseudoKind.CODE) {
            throw refused(position, "addresses of variables and code are not supported");
        }
        if (load.imm() < 0 || load.imm() >= maps.size()) {
            throw refused(position, "map index=" + load.imm() + " is not below " + maps.size());
        }
        if (kind == PseudoKind.MAP_BY_FD || kind == PseudoKind.MAP_BY_INDEX) {
            code.push(HelperDispatcher.mapHandle(load.imm()));
        } else {
            MapDefinition map = maps.get(load.imm());
            boolean inValues = map.kind() == MapKind.ARRAY
                    && load.nextImm() >= 0
                    && load.nextImm() < ArrayMap.stride(map) * map.maxEntries();
            if (!inValues) {
                throw refused(position, "offset=" + load.nextImm() + " is not in the values of map " + map.name());
            }
            code.addressField(ClassEmitter.base(load.imm()));
            if (load.nextImm() != 0) {
                code.push(load.nextImm()).op(Opcodes.LADD);
            }
        }
        code.store(load.dst());
    }

    private IllegalArgumentException refused(int position, String why) {
        return ProgramFunction.refused(function.program(), function.index(position), why);
    }

    // ---- helpers

    void callHelper(int position, Instruction.CallHelper call) {
        boolean direct = linking == HelperLinking.DIRECT;
        Optional<HelperTarget> known = direct ? HelperTarget.of(call.id()) : Optional.empty();
        if (direct && call.id() == Helper.GET_SMP_PROCESSOR_ID.id()) {
            code.field(ClassEmitter.CPU, "J").store(Register.R0);
        } else if (known.isEmpty()) {
            dispatch(call.id());
        } else if (known.get().onMap()) {
            callMap(position, call.id(), known.get());
        } else {
            code.loadObject(services);
            arguments(1, known.get().arguments());
            code.call(PlaneServices.class, known.get().name(), known.get().descriptor())
                    .store(Register.R0);
        }
    }

    private void callMap(int position, int helper, HelperTarget target) {
        int map = MapReference.at(function, position, joins);
        Optional<Class<? extends BpfMap>> type =
                map < 0 || map >= maps.size() ? Optional.empty() : MapReference.type(maps.get(map));
        if (type.isEmpty()) {
            dispatch(helper);
        } else if (ArrayMap.class.isAssignableFrom(type.get()) && target.name().equals(LOOKUP)) {
            arrayLookup(map, maps.get(map));
        } else {
            code.field(ClassEmitter.map(map), Type.getDescriptor(type.get()));
            arguments(2, target.arguments());
            code.call(type.get(), target.name(), target.descriptor());
            if (target.name().equals(LOOKUP)) {
                code.knownAddress();
            }
            code.store(Register.R0);
        }
    }

    private void dispatch(int helper) {
        code.field(ClassEmitter.HELPERS, Type.getDescriptor(HelperCalls.class)).pushInt(helper);
        arguments(1, 5);
        code.loadObject(services).call(HelperCalls.class, "call", DISPATCH).store(Register.R0);
    }

    private void arguments(int first, int count) {
        for (int i = first; i < first + count; i++) {
            Register register = Register.of(i);
            if (code.has(register)) {
                code.load(register);
            } else {
                code.op(Opcodes.LCONST_0);
            }
        }
    }

    /** {@link ArrayMap#lookupElem} with the numbers of the array as constants. */
    private void arrayLookup(int map, MapDefinition definition) {
        Label absent = new Label();
        Label done = new Label();
        int index = code.scratch(0);
        code.access(Width.W).load(Register.R2).get(Width.W, false).storeLong(index);
        // The key has 32 bits, so that the signed comparison is right.
        code.loadLong(index).push(definition.maxEntries()).op(Opcodes.LCMP).jump(Opcodes.IFGE, absent);
        code.addressField(ClassEmitter.base(map));
        code.loadLong(index).push(ArrayMap.stride(definition)).op(Opcodes.LMUL).op(Opcodes.LADD);
        code.store(Register.R0).jump(Opcodes.GOTO, done);
        code.label(absent).op(Opcodes.LCONST_0).store(Register.R0).label(done);
    }

    // ---- functions

    void callLocal(int position) {
        FunctionShape shape = shapes.get(function.callee(position));
        if (shape == null) {
            throw new IllegalStateException("pc=" + function.pc(position) + ": the function was not found");
        }
        code.loadObject(0);
        for (Register parameter : shape.parameters()) {
            if (parameter == Register.R10) {
                code.load(parameter).push(CallFrames.FRAME_BYTES).op(Opcodes.LADD);
            } else {
                arguments(parameter.number(), 1);
            }
        }
        code.loadObject(services).callOwn(shape.name(), shape.descriptor()).store(Register.R0);
    }
}
