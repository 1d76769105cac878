package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.analysis.MachineMemory.Kind;
import dev.gbpf.verifier.analysis.MachineValue.MapRef;
import dev.gbpf.verifier.analysis.MachineValue.Num;
import dev.gbpf.verifier.analysis.MachineValue.Ptr;
import dev.gbpf.verifier.cfg.CallContext;
import dev.gbpf.verifier.platform.ContextModel;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * An interpreter that keeps the kinds of values apart and stops with a {@link Fault} at anything that the verifier promises
 * cannot happen. Written from RFC 9669 alone, sharing nothing with the abstract semantics.
 */
final class CheckedMachine {
    /** Something that an accepted program never does. */
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message);
        }
    }

    /** Sees the machine before each instruction. */
    interface Watcher {
        void before(CallContext context, int index, CheckedMachine machine);
    }

    private final Program program;
    private final ProgramType type;
    private final List<MapDefinition> maps;
    private final RandomInputs inputs;
    private final @Nullable MachineValue[] registers = new @Nullable MachineValue[Register.COUNT];
    private final List<MachineMemory> frames = new ArrayList<>();
    private final List<@Nullable MachineValue[]> saved = new ArrayList<>();
    private final Map<Integer, Map<String, MachineMemory>> hashes = new HashMap<>();
    private final Map<Integer, MachineMemory> arrays = new HashMap<>();
    /** Records that are reserved and not released. */
    final List<MachineMemory> held = new ArrayList<>();
    private CallContext context = new CallContext(null, -1, 0, 0);
    private int next;
    long steps;
    long helperCalls;

    CheckedMachine(Program program, ProgramType type, List<MapDefinition> maps, Random random) {
        this.program = program;
        this.type = type;
        this.maps = maps;
        this.inputs = new RandomInputs(program, random);
        byte[] content = inputs.context(((ContextModel.Fields) type.context()).layout());
        MachineMemory memory = MachineMemory.filled(Kind.CONTEXT, 0, content);
        registers[1] = new Ptr(memory, 0, 0);
        enterFrame();
    }

    private void enterFrame() {
        MachineMemory frame = new MachineMemory(Kind.STACK, frames.size(), Region.Stack.SIZE);
        frames.add(frame);
        registers[10] = new Ptr(frame, Region.Stack.SIZE, 0);
    }

    @Nullable
    MachineValue register(int number) {
        return registers[number];
    }

    MachineMemory frame(int number) {
        return frames.get(number);
    }

    int depth() {
        return frames.size() - 1;
    }

    @Nullable
    MachineValue saved(int frame, int register) {
        return saved.get(frame)[register];
    }

    /** Runs to the end; r0. */
    long run(long stepLimit, Watcher watcher) {
        while (true) {
            if (next < 0 || next >= program.size()) {
                throw new Fault("execution at index " + next);
            }
            watcher.before(context, next, this);
            if (++steps > stepLimit) {
                throw new Fault("more than " + stepLimit + " steps");
            }
            Instruction instruction = program.get(next);
            if (instruction instanceof Instruction.Exit && frames.size() == 1) {
                long verdict = number(Register.R0);
                if (!held.isEmpty()) {
                    throw new Fault("a record is not released");
                }
                if (verdict < type.verdict().min() || verdict > type.verdict().max()) {
                    throw new Fault("verdict " + verdict);
                }
                return verdict;
            }
            step(instruction);
        }
    }

    private void step(Instruction instruction) {
        int index = next++;
        switch (instruction) {
            case Instruction.Alu i -> alu(i);
            case Instruction.Mov i -> mov(i);
            case Instruction.Neg i -> set(i.dst(), i.is64() ? -number(i.dst()) : (int) -number(i.dst()) & 0xFFFF_FFFFL);
            case Instruction.ByteSwap i -> set(i.dst(), swap(i, number(i.dst())));
            case Instruction.LoadImm64 i -> set(i.dst(), i.value());
            case Instruction.LoadPseudo i -> pseudo(i);
            case Instruction.Load i -> load(i);
            case Instruction.Store i -> store(i);
            case Instruction.Atomic i -> atomic(i);
            case Instruction.Jump i -> next = program.targetIndex(index, i.offset());
            case Instruction.CondJump i -> {
                if (compare(i)) {
                    next = program.targetIndex(index, i.offset());
                }
            }
            case Instruction.CallHelper i -> call(Helper.byId(i.id()).orElseThrow(() -> new Fault("helper " + i.id())));
            case Instruction.CallLocal i -> {
                saved.add(registers.clone());
                Arrays.fill(registers, 6, 10, null);
                registers[0] = null;
                next = program.targetIndex(index, i.offset());
                context = new CallContext(context, index, next, context.depth() + 1);
                enterFrame();
            }
            case Instruction.Exit i -> leave();
            case Instruction.CallBtf i -> throw new Fault("call btf");
            case Instruction.CallRegister i -> throw new Fault("callx");
        }
    }

    private void leave() {
        MachineMemory gone = frames.removeLast();
        @Nullable MachineValue[] caller = saved.removeLast();
        if (registers[0] instanceof Ptr p && p.memory() == gone) {
            throw new Fault("a pointer into a dead frame is returned");
        }
        Arrays.fill(registers, 1, 6, null);
        System.arraycopy(caller, 6, registers, 6, 5);
        next = context.callIndex() + 1;
        CallContext outer = context.caller();
        if (outer == null) {
            throw new Fault("return without call");
        }
        context = outer;
        // A pointer into the dead frame that stays behind must never be used.
        for (MachineMemory frame : frames) {
            frame.pointers.values().removeIf(v -> v instanceof Ptr p && p.memory() == gone);
        }
    }

    private void set(Register register, long value) {
        registers[register.number()] = new Num(value);
    }

    private MachineValue value(Operand operand) {
        return switch (operand) {
            case Immediate i -> new Num(i.value());
            case Register r -> {
                MachineValue value = registers[r.number()];
                if (value == null) {
                    throw new Fault(r + " is read uninitialised");
                }
                yield value;
            }
        };
    }

    private long number(Operand operand) {
        if (value(operand) instanceof Num n) {
            return n.value();
        }
        throw new Fault(operand + " is used as a number");
    }

    private void alu(Instruction.Alu i) {
        MachineValue left = value(i.dst());
        MachineValue right = value(i.src());
        if (left instanceof Num a && right instanceof Num b) {
            set(i.dst(), i.is64() ? alu64(i, a.value(), b.value()) : alu32(i, (int) a.value(), (int) b.value()));
            return;
        }
        boolean add = i.is64() && i.op() == dev.gbpf.isa.AluOp.ADD;
        boolean subtract = i.is64() && i.op() == dev.gbpf.isa.AluOp.SUB;
        if (add && left instanceof Ptr p && right instanceof Num n) {
            registers[i.dst().number()] = p.plus(n.value());
        } else if (add && left instanceof Num n && right instanceof Ptr p) {
            registers[i.dst().number()] = p.plus(n.value());
        } else if (subtract && left instanceof Ptr p && right instanceof Num n) {
            registers[i.dst().number()] = p.plus(-n.value());
        } else {
            throw new Fault("arithmetic on pointers: " + i);
        }
        if (registers[i.dst().number()] instanceof Ptr p && Math.abs(p.offset()) > (1L << 48)) {
            throw new Fault("offset " + p.offset());
        }
    }

    static long alu64(Instruction.Alu i, long a, long b) {
        return switch (i.op()) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> b == 0 ? 0 : Long.divideUnsigned(a, b);
            case OR -> a | b;
            case AND -> a & b;
            case LSH -> a << (b & 63);
            case RSH -> a >>> (b & 63);
            case MOD -> b == 0 ? a : Long.remainderUnsigned(a, b);
            case XOR -> a ^ b;
            case ARSH -> a >> (b & 63);
            case SDIV -> b == 0 ? 0 : a / b;
            case SMOD -> b == 0 ? a : a % b;
        };
    }

    static long alu32(Instruction.Alu i, int a, int b) {
        int result = switch (i.op()) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> b == 0 ? 0 : Integer.divideUnsigned(a, b);
            case OR -> a | b;
            case AND -> a & b;
            case LSH -> a << (b & 31);
            case RSH -> a >>> (b & 31);
            case MOD -> b == 0 ? a : Integer.remainderUnsigned(a, b);
            case XOR -> a ^ b;
            case ARSH -> a >> (b & 31);
            case SDIV -> b == 0 ? 0 : a / b;
            case SMOD -> b == 0 ? a : a % b;
        };
        return result & 0xFFFF_FFFFL;
    }

    private void mov(Instruction.Mov i) {
        if (i.is64() && i.signBits() == 0) {
            registers[i.dst().number()] = value(i.src());
            return;
        }
        long source = number(i.src());
        long extended = switch (i.signBits()) {
            case 8 -> (byte) source;
            case 16 -> (short) source;
            case 32 -> (int) source;
            default -> source;
        };
        set(i.dst(), i.is64() ? extended : extended & 0xFFFF_FFFFL);
    }

    static long swap(Instruction.ByteSwap i, long value) {
        if (i.kind() == ByteSwapKind.LE) {
            return i.bits() == 64 ? value : value & ((1L << i.bits()) - 1);
        }
        return switch (i.bits()) {
            case 16 -> Short.reverseBytes((short) value) & 0xFFFFL;
            case 32 -> Integer.reverseBytes((int) value) & 0xFFFF_FFFFL;
            default -> Long.reverseBytes(value);
        };
    }

    private void pseudo(Instruction.LoadPseudo i) {
        boolean direct = i.kind() == PseudoKind.MAP_VALUE_BY_FD || i.kind() == PseudoKind.MAP_VALUE_BY_INDEX;
        registers[i.dst().number()] = direct ? new Ptr(array(i.imm()), 0, i.nextImm()) : new MapRef(i.imm());
    }

    private static int stride(MapDefinition map) {
        return (map.valueSize() + 7) / 8 * 8;
    }

    private MachineMemory array(int map) {
        return arrays.computeIfAbsent(map, m -> {
            byte[] content = inputs.memory(stride(maps.get(m)) * maps.get(m).maxEntries());
            return MachineMemory.filled(Kind.VALUE, m, content);
        });
    }

    /** The position of an access, which must be inside of memory that allows it. */
    private int place(Ptr p, int offset, int width) {
        long at = p.base() + p.offset() + offset;
        long from = 0;
        long to = p.memory().bytes.length;
        if (p.memory().kind == Kind.VALUE && maps.get(p.memory().number).kind() == MapKind.ARRAY && p.base() != 0) {
            from = p.base();
            to = p.base() + maps.get(p.memory().number).valueSize();
        }
        if (at < from || at + width > to) {
            throw new Fault("access of " + width + " at " + at + " of " + p.memory().kind + " " + from + ".." + to);
        }
        if (p.memory().kind == Kind.STACK && p.memory() != frames.get(p.memory().number)) {
            throw new Fault("access to a dead frame");
        }
        if (p.memory().kind == Kind.RECORD && !held.contains(p.memory())) {
            throw new Fault("access to a released record");
        }
        return (int) at;
    }

    private ContextField field(int at, int width) {
        return ((ContextModel.Fields) type.context())
                .layout().fields().stream()
                        .filter(f -> f.offset() == at && f.width().bytes() == width)
                        .findFirst()
                        .orElseThrow(() -> new Fault("no context field at " + at + " of " + width));
    }

    private Ptr pointer(Register register) {
        if (value(register) instanceof Ptr p) {
            return p;
        }
        throw new Fault(register + " is dereferenced");
    }

    private void load(Instruction.Load i) {
        Ptr p = pointer(i.base());
        int width = i.width().bytes();
        int at = place(p, i.offset(), width);
        if (p.memory().kind == Kind.CONTEXT) {
            field(at, width);
        }
        if (width == 8 && p.memory().pointers.containsKey(at)) {
            registers[i.dst().number()] = p.memory().pointers.get(at);
            return;
        }
        if (!p.memory().readable(at, width)) {
            throw new Fault("uninitialised memory is read");
        }
        long value = p.memory().load(at, width);
        int unused = 64 - 8 * width;
        set(i.dst(), i.signExtend() ? value << unused >> unused : value);
    }

    private void store(Instruction.Store i) {
        Ptr p = pointer(i.base());
        int width = i.width().bytes();
        int at = place(p, i.offset(), width);
        if (p.memory().kind == Kind.CONTEXT && !field(at, width).writable()) {
            throw new Fault("read-only field is stored to");
        }
        MachineValue value = value(i.src());
        if (value instanceof Num n) {
            p.memory().store(at, width, n.value());
        } else if (p.memory().kind == Kind.STACK && width == 8 && at % 8 == 0) {
            p.memory().storePointer(at, value);
        } else {
            throw new Fault("pointer leaks");
        }
    }

    private void atomic(Instruction.Atomic i) {
        Ptr p = pointer(i.base());
        int width = i.is64() ? 8 : 4;
        int at = place(p, i.offset(), width);
        if (p.memory().kind == Kind.CONTEXT || at % width != 0 || !p.memory().readable(at, width)) {
            throw new Fault("atomic on " + p.memory().kind + " at " + at);
        }
        long old = p.memory().load(at, width);
        long source = i.is64() ? number(i.src()) : number(i.src()) & 0xFFFF_FFFFL;
        long result = switch (i.op()) {
            case ADD -> old + source;
            case OR -> old | source;
            case AND -> old & source;
            case XOR -> old ^ source;
            case XCHG -> source;
            case CMPXCHG -> {
                long expected = i.is64() ? number(Register.R0) : number(Register.R0) & 0xFFFF_FFFFL;
                yield expected == old ? source : old;
            }
        };
        p.memory().store(at, width, result);
        if (i.fetch()) {
            set(i.op() == AtomicOp.CMPXCHG ? Register.R0 : i.src(), old);
        }
    }

    private boolean compare(Instruction.CondJump i) {
        MachineValue left = value(i.left());
        MachineValue right = value(i.right());
        if (left instanceof Num a && right instanceof Num b) {
            return i.is64()
                    ? compare(i.op(), a.value(), b.value())
                    : compare32(i.op(), (int) a.value(), (int) b.value());
        }
        boolean equality = i.is64() && (i.op() == JumpOp.EQ || i.op() == JumpOp.NE);
        if (!equality
                && i.is64()
                && i.op() != JumpOp.SET
                && left instanceof Ptr p
                && right instanceof Ptr q
                && p.memory() == q.memory()) {
            return compare(i.op(), address(p), address(q));
        }
        if (!equality) {
            throw new Fault("pointers are compared: " + i);
        }
        boolean equal;
        if (left instanceof Ptr p && right instanceof Ptr q) {
            equal = p.memory() == q.memory() && p.base() + p.offset() == q.base() + q.offset();
        } else if ((left instanceof Ptr && right.equals(new Num(0)))
                || (right instanceof Ptr && left.equals(new Num(0)))) {
            equal = false;
        } else {
            throw new Fault("a pointer is compared with a number: " + i);
        }
        return equal == (i.op() == JumpOp.EQ);
    }

    /** Where objects are is not known to programs; they are at {@code 2^16} at least. */
    private static long address(Ptr pointer) {
        return (1L << 16) + pointer.base() + pointer.offset();
    }

    static boolean compare32(JumpOp op, int a, int b) {
        return switch (op) {
            case SGT, SGE, SLT, SLE -> compare(op, a, b);
            case EQ, GT, GE, SET, NE, LT, LE -> compare(op, Integer.toUnsignedLong(a), Integer.toUnsignedLong(b));
        };
    }

    static boolean compare(JumpOp op, long a, long b) {
        return switch (op) {
            case EQ -> a == b;
            case GT -> Long.compareUnsigned(a, b) > 0;
            case GE -> Long.compareUnsigned(a, b) >= 0;
            case SET -> (a & b) != 0;
            case NE -> a != b;
            case SGT -> a > b;
            case SGE -> a >= b;
            case LT -> Long.compareUnsigned(a, b) < 0;
            case LE -> Long.compareUnsigned(a, b) <= 0;
            case SLT -> a < b;
            case SLE -> a <= b;
        };
    }

    private void call(Helper helper) {
        helperCalls++;
        if (!type.helpers().contains(helper)) {
            throw new Fault("helper " + helper + " is not allowed");
        }
        MapDefinition map = null;
        int mapIndex = -1;
        String key = "";
        boolean isElement = false;
        for (int k = 0; k < helper.arguments().size(); k++) {
            MachineValue value = value(Register.of(k + 1));
            ArgumentKind kind = helper.arguments().get(k).kind();
            switch (kind) {
                case SCALAR -> number(Register.of(k + 1));
                case MEMORY_SIZE -> {
                    long size = number(Register.of(k + 1));
                    if (size < 1 || size > ArgumentKind.MAX_MEMORY) {
                        throw new Fault("size of memory is " + size);
                    }
                }
                case MEMORY -> {
                    if (!(value instanceof Ptr p) || p.memory().kind == Kind.CONTEXT) {
                        throw new Fault("not memory");
                    }
                    int size = (int) number(Register.of(k + 2));
                    if (!p.memory().readable(place(p, 0, size), size)) {
                        throw new Fault("uninitialised memory is passed");
                    }
                }
                case MAP -> {
                    if (!(value instanceof MapRef reference)) {
                        throw new Fault("not a map");
                    }
                    mapIndex = reference.map();
                    map = maps.get(mapIndex);
                    if (!helper.takes(map.kind())) {
                        throw new Fault(helper + " of " + map.kind());
                    }
                }
                case RECORD_SIZE -> {
                    long size = number(Register.of(k + 1));
                    if (size < 1 || size > ArgumentKind.MAX_RECORD) {
                        throw new Fault("size of a record is " + size);
                    }
                }
                case RECORD -> {
                    if (!(value instanceof Ptr p) || p.offset() != 0 || !held.remove(p.memory())) {
                        throw new Fault("not a reserved record");
                    }
                }
                case MAP_VALUE_OUT -> {
                    if (!(value instanceof Ptr p) || map == null || p.memory().kind == Kind.CONTEXT) {
                        throw new Fault("not memory for " + kind);
                    }
                    int at = place(p, 0, map.valueSize());
                    for (byte b : inputs.memory(map.valueSize())) {
                        p.memory().store(at++, 1, b);
                    }
                }
                case MAP_KEY, MAP_VALUE -> {
                    if (!(value instanceof Ptr p) || map == null || p.memory().kind == Kind.CONTEXT) {
                        throw new Fault("not memory for " + kind);
                    }
                    int size = kind == ArgumentKind.MAP_KEY ? map.keySize() : map.valueSize();
                    int at = place(p, 0, size);
                    if (!p.memory().readable(at, size)) {
                        throw new Fault("uninitialised memory is passed");
                    }
                    if (kind == ArgumentKind.MAP_KEY) {
                        key = Arrays.toString(Arrays.copyOfRange(p.memory().bytes, at, at + size));
                        isElement = size == 4 && Long.compareUnsigned(p.memory().load(at, size), map.maxEntries()) < 0;
                    }
                }
            }
        }
        MachineValue result = switch (helper.returnKind()) {
            case SCALAR -> new Num(inputs.result(helper));
            case MAP_VALUE_OR_NULL -> lookup(mapIndex, key, isElement);
            case RECORD_OR_NULL -> reserve(next - 1, (int) number(Register.R2));
        };
        Arrays.fill(registers, 1, 6, null);
        registers[0] = result;
    }

    private MachineValue reserve(int site, int size) {
        if (held.stream().anyMatch(r -> r.number == site)) {
            throw new Fault("a second record of one site");
        }
        if (inputs.oneIn(3)) {
            return new Num(0);
        }
        MachineMemory record = MachineMemory.filled(Kind.RECORD, site, new byte[size]);
        held.add(record);
        return new Ptr(record, 0, 0);
    }

    /**
     * An entry that may or may not be there, with any contents; the same pointer for the same key. An array has just those that
     * are numbers of its elements.
     */
    private MachineValue lookup(int index, String key, boolean isElement) {
        MapDefinition map = maps.get(index);
        if (map.kind().isIndexed() ? !isElement : inputs.oneIn(3)) {
            return new Num(0);
        }
        if (map.kind() == MapKind.ARRAY) {
            // Not entry 0, so that the base tells these pointers from direct ones.
            return new Ptr(array(index), (long) stride(map) * (1 + inputs.below(map.maxEntries() - 1)), 0);
        }
        return new Ptr(
                hashes.computeIfAbsent(index, m -> new HashMap<>()).computeIfAbsent(key, k -> {
                    return MachineMemory.filled(Kind.VALUE, index, inputs.memory(map.valueSize()));
                }),
                0,
                0);
    }
}
