package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.ResultSpread;
import dev.gbpf.abi.ReturnKind;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.CallContext;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.PostDominators;
import dev.gbpf.verifier.testkit.MachineArithmetic;
import dev.gbpf.verifier.testkit.RandomInputs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lanes that run an accepted program in lock-step, each with a context, registers and a stack of its own and all with the same
 * maps. Lanes that part at a branch run one side after the other, and meet at the branch's nearest post-dominator. Addresses are
 * plain numbers; nothing is checked.
 */
final class WarpMachine {
    /** Sees the branches that two or more lanes come to together. */
    interface Watcher {
        void branch(int index, boolean part);
    }

    private static final int FRAME = 512;
    private static final long CONTEXT = 1L << 44;
    private static final long STACK = 2L << 44;
    private static final long MAPS = 3L << 44;
    /** Room for a map's value or array, and for a frame. */
    private static final int ROOM = 16;

    private final Program program;
    private final List<MapDefinition> maps;
    private final RandomInputs inputs;
    private final Watcher watcher;
    private final ControlFlowGraph graph;
    private final PostDominators meeting;
    private final Map<Point, Integer> blocks = new HashMap<>();
    /** Values and arrays by what leads to them, and by number. */
    private final Map<String, Integer> values = new HashMap<>();

    private final List<ByteBuffer> memory = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();

    /** A place in the program, in one activation. */
    private record Point(CallContext context, int index) {}

    private static final class Lane {
        private final long[] registers = new long[Register.COUNT];
        private final ByteBuffer context;
        private final List<ByteBuffer> frames = new ArrayList<>();
        private final List<long[]> saved = new ArrayList<>();
        private Point next = new Point(new CallContext(null, -1, 0, 0), 0);
        private boolean done;

        Lane(byte[] context) {
            this.context = buffer(context);
            registers[1] = CONTEXT;
            enter();
        }

        private void enter() {
            registers[10] = STACK + ((long) frames.size() << ROOM) + FRAME;
            frames.add(buffer(new byte[FRAME]));
        }
    }

    /**
     * A warp at the start of a program.
     *
     * @param contexts one for each lane
     */
    WarpMachine(
            Program program,
            List<MapDefinition> maps,
            ControlFlowGraph graph,
            RandomInputs inputs,
            List<byte[]> contexts,
            Watcher watcher) {
        this.program = program;
        this.maps = maps;
        this.inputs = inputs;
        this.watcher = watcher;
        this.graph = graph;
        this.meeting = PostDominators.of(graph);
        for (BasicBlock block : graph.blocks()) {
            blocks.put(new Point(block.context(), block.last()), block.id());
        }
        contexts.forEach(c -> lanes.add(new Lane(c)));
    }

    private static ByteBuffer buffer(byte[] content) {
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Runs all lanes to the end. */
    void run() {
        run(lanes, null);
    }

    /** Runs lanes that are at one point until they end or come to another. */
    private void run(List<Lane> group, @Nullable Point until) {
        List<Lane> running = group;
        while (!running.isEmpty() && !running.getFirst().next.equals(until)) {
            Point at = running.getFirst().next;
            Instruction instruction = program.get(at.index);
            if (instruction instanceof Instruction.Exit && at.context.depth() == 0) {
                running.forEach(lane -> lane.done = true);
                return;
            }
            if (instruction instanceof Instruction.CallHelper call) {
                help(running, Helper.byId(call.id()).orElseThrow());
            }
            for (Lane lane : running) {
                lane.next = step(lane, at, instruction);
            }
            if (instruction instanceof Instruction.CondJump && running.size() > 1) {
                running = afterBranch(running, at);
            }
        }
    }

    /** The lanes that go on after a branch, once those that parted have met. */
    private List<Lane> afterBranch(List<Lane> group, Point at) {
        Point first = group.getFirst().next;
        List<Lane> one = group.stream().filter(l -> l.next.equals(first)).toList();
        List<Lane> other = group.stream().filter(l -> !l.next.equals(first)).toList();
        watcher.branch(at.index, !other.isEmpty());
        if (other.isEmpty()) {
            return group;
        }
        Integer block = blocks.get(at);
        int meets = block == null ? PostDominators.NONE : meeting.immediate(block);
        Point point = meets == PostDominators.NONE
                ? null
                : new Point(graph.block(meets).context(), graph.block(meets).first());
        run(one, point);
        run(other, point);
        return group.stream().filter(l -> !l.done).toList();
    }

    private Point step(Lane lane, Point at, Instruction instruction) {
        long[] r = lane.registers;
        int following = at.index + 1;
        switch (instruction) {
            case Instruction.Alu i -> {
                long b = value(lane, i.src());
                int d = i.dst().number();
                r[d] = i.is64()
                        ? MachineArithmetic.alu64(i.op(), r[d], b)
                        : MachineArithmetic.alu32(i.op(), (int) r[d], (int) b);
            }
            case Instruction.Mov i -> {
                int unused = i.signBits() == 0 ? 0 : Long.SIZE - i.signBits();
                long extended = value(lane, i.src()) << unused >> unused;
                r[i.dst().number()] = i.is64() ? extended : extended & 0xFFFF_FFFFL;
            }
            case Instruction.Neg i ->
                r[i.dst().number()] =
                        i.is64() ? -r[i.dst().number()] : -r[i.dst().number()] & 0xFFFF_FFFFL;
            case Instruction.ByteSwap i ->
                r[i.dst().number()] = MachineArithmetic.swap(i, r[i.dst().number()]);
            case Instruction.LoadImm64 i -> r[i.dst().number()] = i.value();
            case Instruction.LoadPseudo i -> {
                boolean direct = i.kind() == PseudoKind.MAP_VALUE_BY_FD || i.kind() == PseudoKind.MAP_VALUE_BY_INDEX;
                r[i.dst().number()] = direct ? array(i.imm()) + i.nextImm() : i.imm();
            }
            case Instruction.Load i -> {
                long loaded =
                        load(lane, r[i.base().number()] + i.offset(), i.width().bytes());
                int unused = Long.SIZE - i.width().bits();
                r[i.dst().number()] = i.signExtend() ? loaded << unused >> unused : loaded;
            }
            case Instruction.Store i ->
                store(lane, r[i.base().number()] + i.offset(), i.width().bytes(), value(lane, i.src()));
            case Instruction.Atomic i -> atomic(lane, i);
            case Instruction.CallHelper i -> {}
            case Instruction.Jump i -> following = program.targetIndex(at.index, i.offset());
            case Instruction.CondJump i -> {
                long a = r[i.left().number()];
                long b = value(lane, i.right());
                boolean taken = i.is64()
                        ? MachineArithmetic.compare(i.op(), a, b)
                        : MachineArithmetic.compare32(i.op(), (int) a, (int) b);
                following = taken ? program.targetIndex(at.index, i.offset()) : following;
            }
            case Instruction.CallLocal i -> {
                int entry = program.targetIndex(at.index, i.offset());
                lane.saved.add(r.clone());
                lane.enter();
                return new Point(new CallContext(at.context, at.index, entry, at.context.depth() + 1), entry);
            }
            case Instruction.Exit i -> {
                System.arraycopy(lane.saved.removeLast(), 6, r, 6, 5);
                lane.frames.removeLast();
                CallContext caller = at.context.caller();
                if (caller == null) {
                    throw new IllegalStateException("the program itself ends elsewhere");
                }
                return new Point(caller, at.context.callIndex() + 1);
            }
            case Instruction.CallBtf _, Instruction.CallRegister _ ->
                throw new IllegalStateException("not accepted: " + instruction);
        }
        return new Point(at.context, following);
    }

    private static long value(Lane lane, Operand operand) {
        return switch (operand) {
            case Register r -> lane.registers[r.number()];
            case Immediate i -> i.value();
        };
    }

    private ByteBuffer at(Lane lane, long address) {
        return switch ((int) (address >>> 44)) {
            case 1 -> lane.context;
            case 2 -> lane.frames.get((int) ((address - STACK) >>> ROOM));
            case 3 -> memory.get((int) ((address - MAPS) >>> ROOM));
            default -> throw new IllegalStateException("nothing is at " + Long.toHexString(address));
        };
    }

    private long load(Lane lane, long address, int width) {
        ByteBuffer bytes = at(lane, address);
        int position = (int) (address & 0xFFFF);
        return switch (width) {
            case 1 -> bytes.get(position) & 0xFFL;
            case 2 -> bytes.getShort(position) & 0xFFFFL;
            case 4 -> bytes.getInt(position) & 0xFFFF_FFFFL;
            default -> bytes.getLong(position);
        };
    }

    private void store(Lane lane, long address, int width, long value) {
        ByteBuffer bytes = at(lane, address);
        int position = (int) (address & 0xFFFF);
        switch (width) {
            case 1 -> bytes.put(position, (byte) value);
            case 2 -> bytes.putShort(position, (short) value);
            case 4 -> bytes.putInt(position, (int) value);
            default -> bytes.putLong(position, value);
        }
    }

    private void atomic(Lane lane, Instruction.Atomic i) {
        long[] r = lane.registers;
        int width = i.is64() ? 8 : 4;
        long mask = i.is64() ? -1 : 0xFFFF_FFFFL;
        long address = r[i.base().number()] + i.offset();
        long old = load(lane, address, width);
        long source = r[i.src().number()] & mask;
        long result = switch (i.op()) {
            case ADD -> old + source;
            case OR -> old | source;
            case AND -> old & source;
            case XOR -> old ^ source;
            case XCHG -> source;
            case CMPXCHG -> (r[0] & mask) == old ? source : old;
        };
        store(lane, address, width, result);
        if (i.fetch()) {
            r[i.op() == AtomicOp.CMPXCHG ? 0 : i.src().number()] = old;
        }
    }

    /** The address of an array's elements. */
    private long array(int map) {
        MapDefinition definition = maps.get(map);
        int size = (definition.valueSize() + 7) / 8 * 8 * definition.maxEntries();
        return memory("array " + map, size);
    }

    private long memory(String name, int size) {
        int number = values.computeIfAbsent(name, n -> {
            memory.add(buffer(inputs.memory(size)));
            return memory.size() - 1;
        });
        return MAPS + ((long) number << ROOM);
    }

    /** Calls a helper in all lanes: one answer for all, one for all with the same arguments, or one for each. */
    private void help(List<Lane> group, Helper helper) {
        Map<String, Long> answers = new HashMap<>();
        for (Lane lane : group) {
            String arguments = arguments(lane, helper);
            long result = helper.spread() == ResultSpread.PER_LANE
                    ? answer(lane, helper)
                    : answers.computeIfAbsent(
                            helper.spread() == ResultSpread.SAME ? "" : arguments, a -> answer(lane, helper));
            Arrays.fill(lane.registers, 1, 6, 0xDEADL);
            lane.registers[0] = result;
        }
    }

    private long answer(Lane lane, Helper helper) {
        if (helper.returnKind() == ReturnKind.SCALAR) {
            return inputs.result(helper);
        }
        int map = (int) lane.registers[1];
        MapDefinition definition = maps.get(map);
        boolean byKey = helper == Helper.MAP_LOOKUP_ELEM;
        if (byKey && definition.kind() == MapKind.ARRAY) {
            long element = load(lane, lane.registers[2], 4);
            long stride = (definition.valueSize() + 7L) / 8 * 8;
            return element < definition.maxEntries() ? array(map) + element * stride : 0;
        }
        return !inputs.hasEntry() ? 0 : memory(map + " " + arguments(lane, helper), definition.valueSize());
    }

    private String arguments(Lane lane, Helper helper) {
        StringBuilder text = new StringBuilder();
        MapDefinition map = null;
        for (int k = 0; k < helper.arguments().size(); k++) {
            long argument = lane.registers[k + 1];
            ArgumentKind kind = helper.arguments().get(k).kind();
            map = kind == ArgumentKind.MAP ? maps.get((int) argument) : map;
            int size = switch (kind) {
                case MAP_KEY -> map == null ? 0 : map.keySize();
                case MAP_VALUE -> map == null ? 0 : map.valueSize();
                case MEMORY -> (int) lane.registers[k + 2];
                case SCALAR, MAP, MEMORY_SIZE, MAP_VALUE_OUT, RECORD_SIZE, RECORD -> 0;
            };
            text.append(size == 0 ? argument : 0);
            for (int i = 0; i < size; i++) {
                text.append(' ').append(load(lane, argument + i, 1));
            }
            text.append(',');
        }
        return text.toString();
    }
}
