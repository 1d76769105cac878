package dev.gbpf.host.vm;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.ArrayMap;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.host.vm.ExecutionFault.Kind;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs any program, verified or not, and checks each step: memory, calls, jumps and a budget of instructions. It executes the
 * instructions as they are, so that it is also the oracle that faster engines are tested against. Registers and stack frames
 * begin as zero.
 */
public final class CheckedInterpreter {
    private final Program program;
    private final List<BpfMap> maps;
    private final HelperCalls helpers;
    private final long stack;

    private final long[] r = new long[Register.COUNT];
    private final int[] returnTo = new int[CallFrames.MAX_DEPTH];
    private final long[][] preserved = new long[CallFrames.MAX_DEPTH][];

    // Of the run that is under way.
    private MemoryRegions memory = MemoryRegions.NONE;
    /** Records of ring buffers that are reserved and not released: sizes by address. */
    private final Map<Long, Long> records = new HashMap<>();

    private int index;
    private int depth;
    private long instructions;
    private long helperCalls;

    /**
     * What a run came to.
     *
     * @param r0 the result
     * @param instructions how many were executed, a 64-bit immediate load counting once
     * @param helperCalls how many of them called helpers
     */
    public record Result(long r0, long instructions, long helperCalls) {}

    /**
     * An interpreter of a program.
     *
     * @param maps the maps that it refers to by index
     * @param arena where its stack lies
     */
    public CheckedInterpreter(Program program, List<? extends BpfMap> maps, Arena arena) {
        this(program, maps, new HelperDispatcher(maps), arena);
    }

    /** An interpreter whose helper calls go to {@code helpers}, once their arguments are checked. */
    public CheckedInterpreter(Program program, List<? extends BpfMap> maps, HelperCalls helpers, Arena arena) {
        this.program = program;
        this.maps = List.copyOf(maps);
        this.helpers = helpers;
        this.stack = arena.allocate(CallFrames.STACK_BYTES, 64).address();
    }

    /**
     * Runs the program once.
     *
     * @param r1 first register, the address of a context or memory
     * @param r2 second register
     * @param allowed memory that it may touch besides its stack and its maps
     * @param budget how many instructions it may execute
     * @param observer told before each instruction
     * @throws ExecutionFault when it does what no verified program does
     */
    public Result run(
            long r1, long r2, PlaneServices services, MemoryRegions allowed, long budget, StepObserver observer) {
        Arrays.fill(r, 0);
        r[1] = r1;
        r[2] = r2;
        memory = allowed;
        records.clear();
        index = 0;
        depth = 0;
        instructions = 0;
        helperCalls = 0;
        enterFrame();
        boolean running = true;
        while (running) {
            if (index >= program.size()) {
                throw new ExecutionFault(program.slots(), Kind.LEFT_PROGRAM, "control leaves the program at its end");
            }
            if (instructions == budget) {
                throw fault(Kind.BUDGET, "instruction budget=" + budget + " is used up");
            }
            instructions++;
            observer.before(index, r, depth);
            running = step(services);
        }
        if (!records.isEmpty()) {
            throw fault(Kind.BAD_CALL, "records=" + records.size() + " are neither submitted nor discarded at the end");
        }
        return new Result(r[0], instructions, helperCalls);
    }

    /** {@link #run(long, long, PlaneServices, MemoryRegions, long, StepObserver)} unobserved. */
    public Result run(long r1, long r2, PlaneServices services, MemoryRegions allowed, long budget) {
        return run(r1, r2, services, allowed, budget, StepObserver.NONE);
    }

    private void enterFrame() {
        long frame = stack + (long) depth * CallFrames.FRAME_BYTES;
        NativeMemory.clear(frame, CallFrames.FRAME_BYTES);
        r[10] = frame + CallFrames.FRAME_BYTES;
    }

    private ExecutionFault fault(Kind kind, String message) {
        return new ExecutionFault(
                program.pcOf(index), kind, message, Arrays.stream(r).boxed().toList());
    }

    /** Executes one instruction; false when the program is over. */
    private boolean step(PlaneServices services) {
        int next = index + 1;
        switch (program.get(index)) {
            case Instruction.Alu alu ->
                set(alu.dst(), Semantics.alu(alu.op(), alu.is64(), get(alu.dst()), value(alu.src())));
            case Instruction.Mov mov -> set(mov.dst(), Semantics.move(mov.is64(), mov.signBits(), value(mov.src())));
            case Instruction.Neg neg -> set(neg.dst(), Semantics.move(neg.is64(), 0, -get(neg.dst())));
            case Instruction.ByteSwap swap ->
                set(swap.dst(), Semantics.byteSwap(swap.kind(), swap.bits(), get(swap.dst())));
            case Instruction.LoadImm64 load -> set(load.dst(), load.value());
            case Instruction.LoadPseudo load -> set(load.dst(), pseudo(load));
            case Instruction.Load load -> load(load);
            case Instruction.Store store -> store(store);
            case Instruction.Atomic atomic -> atomic(atomic);
            case Instruction.Jump jump -> next = target(jump.offset());
            case Instruction.CondJump jump -> {
                if (Semantics.test(jump.op(), jump.is64(), get(jump.left()), value(jump.right()))) {
                    next = target(jump.offset());
                }
            }
            case Instruction.CallHelper call -> callHelper(call.id(), services);
            case Instruction.CallLocal call -> next = callLocal(call);
            case Instruction.CallBtf call ->
                throw fault(Kind.UNSUPPORTED, "call of BTF id=" + call.id() + ": there are no such helpers");
            case Instruction.CallRegister call ->
                throw fault(Kind.UNSUPPORTED, "call through " + call.target() + " is not supported");
            case Instruction.Exit _ -> {
                if (depth == 0) {
                    return false;
                }
                next = returnFromLocal();
            }
        }
        index = next;
        return true;
    }

    private long get(Register register) {
        return r[register.number()];
    }

    private long value(Operand operand) {
        return switch (operand) {
            case Register register -> get(register);
            case Immediate immediate -> immediate.value();
        };
    }

    private void set(Register register, long value) {
        if (register == Register.R10) {
            throw fault(Kind.FRAME_POINTER, "r10 is read-only");
        }
        r[register.number()] = value;
    }

    private int target(int offset) {
        int target = program.targetIndex(index, offset);
        if (target < 0) {
            throw fault(Kind.LEFT_PROGRAM, "offset=" + offset + " leads to no instruction");
        }
        return target;
    }

    private long pseudo(Instruction.LoadPseudo load) {
        PseudoKind kind = load.kind();
        if (kind == PseudoKind.VARIABLE || kind == PseudoKind.CODE) {
            throw fault(Kind.UNSUPPORTED, "addresses of variables and code are not supported");
        }
        if (load.imm() < 0 || load.imm() >= maps.size()) {
            throw fault(Kind.BAD_ACCESS, "map index=" + load.imm() + " is not below " + maps.size());
        }
        if (kind == PseudoKind.MAP_BY_FD || kind == PseudoKind.MAP_BY_INDEX) {
            return HelperDispatcher.mapHandle(load.imm());
        }
        if (maps.get(load.imm()) instanceof ArrayMap array) {
            return array.address() + load.nextImm();
        }
        throw fault(Kind.BAD_ACCESS, maps.get(load.imm()) + " has no address of its values");
    }

    private void load(Instruction.Load load) {
        long address = address(load.base(), load.offset(), load.width(), false);
        long value = switch (load.width()) {
            case B -> NativeMemory.getByte(address) & 0xFFL;
            case H -> NativeMemory.getShort(address) & 0xFFFFL;
            case W -> NativeMemory.getInt(address) & 0xFFFF_FFFFL;
            case DW -> NativeMemory.getLong(address);
        };
        set(
                load.dst(),
                load.signExtend() ? Semantics.signExtend(value, load.width().bits()) : value);
    }

    private void store(Instruction.Store store) {
        long address = address(store.base(), store.offset(), store.width(), true);
        long value = value(store.src());
        switch (store.width()) {
            case B -> NativeMemory.putByte(address, (byte) value);
            case H -> NativeMemory.putShort(address, (short) value);
            case W -> NativeMemory.putInt(address, (int) value);
            case DW -> NativeMemory.putLong(address, value);
        }
    }

    private void atomic(Instruction.Atomic atomic) {
        Width width = atomic.is64() ? Width.DW : Width.W;
        long address = address(atomic.base(), atomic.offset(), width, true);
        if (address % width.bytes() != 0) {
            throw fault(
                    Kind.MISALIGNED_ATOMIC,
                    "atomic access to address=0x" + Long.toHexString(address) + " is not aligned to bytes="
                            + width.bytes());
        }
        long before = AtomicKind.apply(AtomicKind.of(atomic), address, get(atomic.src()), r[0]);
        if (atomic.op() == AtomicOp.CMPXCHG) {
            r[0] = before;
        } else if (atomic.fetch()) {
            set(atomic.src(), before);
        }
    }

    private long address(Register base, int offset, Width width, boolean write) {
        long address = get(base) + offset;
        requireAccess(address, width.bytes(), write, base + (offset < 0 ? "" : "+") + offset);
        return address;
    }

    private void requireAccess(long address, long bytes, boolean write, String what) {
        long offset = address - stack;
        boolean inStack = offset >= 0 && offset + bytes <= (depth + 1L) * CallFrames.FRAME_BYTES;
        if (inStack || memory.allows(address, bytes, write)) {
            return;
        }
        for (BpfMap map : maps) {
            if (map.containsValue(address, bytes) && !(write && map.definition().readOnly())) {
                return;
            }
        }
        for (Map.Entry<Long, Long> record : records.entrySet()) {
            long at = address - record.getKey();
            if (at >= 0 && at + bytes <= record.getValue()) {
                return;
            }
        }
        throw fault(
                Kind.BAD_ACCESS,
                (write ? "write" : "read") + " of bytes=" + bytes + " at " + what + "=0x" + Long.toHexString(address)
                        + " is outside of stack, maps and " + memory);
    }

    private void callHelper(int id, PlaneServices services) {
        Helper helper = Helper.byId(id).orElseThrow(() -> fault(Kind.BAD_CALL, "there is no helper of number=" + id));
        int map = -1;
        for (int i = 0; i < helper.arguments().size(); i++) {
            long argument = r[i + 1];
            String what =
                    helper.symbol() + " argument " + helper.arguments().get(i).name();
            ArgumentKind kind = helper.arguments().get(i).kind();
            if (kind == ArgumentKind.MAP) {
                if (!HelperDispatcher.isMapHandle(argument, maps.size())) {
                    throw fault(Kind.BAD_CALL, what + "=0x" + Long.toHexString(argument) + " is not a map");
                }
                map = HelperDispatcher.mapIndex(argument);
                if (!helper.takes(maps.get(map).definition().kind())) {
                    throw fault(
                            Kind.BAD_CALL,
                            what + " is a " + maps.get(map).definition().kind().keyword());
                }
                if (helper.writesMap() && maps.get(map).definition().readOnly()) {
                    throw fault(Kind.BAD_CALL, what + " is read-only");
                }
            } else if (kind == ArgumentKind.MAP_KEY) {
                requireAccess(argument, maps.get(map).definition().keySize(), false, what);
            } else if (kind == ArgumentKind.MAP_VALUE) {
                requireAccess(argument, maps.get(map).definition().valueSize(), false, what);
            } else if (kind == ArgumentKind.MEMORY) {
                long size = r[i + 2];
                if (size < 1 || size > ArgumentKind.MAX_MEMORY) {
                    throw fault(Kind.BAD_CALL, what + " has size=" + size);
                }
                requireAccess(argument, size, false, what);
            } else if (kind == ArgumentKind.MAP_VALUE_OUT) {
                requireAccess(argument, maps.get(map).definition().valueSize(), true, what);
            } else if (kind == ArgumentKind.RECORD_SIZE && (argument < 1 || argument > ArgumentKind.MAX_RECORD)) {
                throw fault(Kind.BAD_CALL, what + "=" + argument + " is not in 1.." + ArgumentKind.MAX_RECORD);
            } else if (kind == ArgumentKind.RECORD && records.remove(argument) == null) {
                throw fault(Kind.BAD_CALL, what + "=0x" + Long.toHexString(argument) + " is not a reserved record");
            }
        }
        helperCalls++;
        long size = r[2];
        r[0] = helpers.call(id, r[1], r[2], r[3], r[4], r[5], services);
        if (helper.acquires() && r[0] != 0) {
            records.put(r[0], size);
        }
    }

    private int callLocal(Instruction.CallLocal call) {
        if (depth + 1 == CallFrames.MAX_DEPTH) {
            throw fault(Kind.CALL_DEPTH, "more than " + CallFrames.MAX_DEPTH + " functions within each other");
        }
        int target = target(call.offset());
        returnTo[depth] = index + 1;
        preserved[depth] = Arrays.copyOfRange(r, 6, Register.COUNT);
        depth++;
        enterFrame();
        return target;
    }

    private int returnFromLocal() {
        depth--;
        System.arraycopy(preserved[depth], 0, r, 6, preserved[depth].length);
        return returnTo[depth];
    }
}
