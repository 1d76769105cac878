package dev.gbpf.verifier.cfg;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;

/**
 * Which registers and stack slots of the function that runs may be read before they are written, from the start of each block on.
 * What is known of others serves nobody. Slots count for functions that use their frame by r10 alone; where r10 is copied all are
 * live.
 *
 * <p>Two passes, as the graph is reducible (B. Boissinot et al., "A non-iterative data-flow algorithm for computing liveness sets in
 * strict SSA programs", APLAS 2011): backwards without the edges that close loops; then what is live at a header is taken as
 * live in all of its loop. A path to a read that passes headers can be cut to one from the last header it enters; so nothing
 * that is live is missed. What a loop sets before it goes round is live there too, which is more than needed.
 */
public final class Liveness {
    private static final int SLOT_BYTES = 8;
    private static final int FRAME_BYTES = 512;
    private static final long ALL_SLOTS = -1;
    private static final int FRAME_POINTER = bit(Register.R10);
    private static final int ARGUMENTS = 0b11_1110;
    private static final int SCRATCH = 0b11_1111;
    private static final int SAVED = 0b11_1100_0000;

    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final int[] registers;
    private final long[] slots;
    /** By index of a function's first instruction: whether it copies r10. */
    private final boolean[] copiesFrame;

    // What is live while a block is walked backwards.
    private int live;
    private long liveSlots;

    private Liveness(ControlFlowGraph graph, WeakTopologicalOrder order) {
        this.graph = graph;
        this.order = order;
        this.registers = new int[graph.size()];
        this.slots = new long[graph.size()];
        this.copiesFrame = new boolean[graph.program().size()];
    }

    /** The live places of a program, in time and memory linear in its graph. */
    public static Liveness of(ControlFlowGraph graph, WeakTopologicalOrder order) {
        Liveness result = new Liveness(graph, order);
        result.findFrameCopies();
        for (int i = order.size() - 1; i >= 0; i--) {
            result.walk(order.block(i));
        }
        for (int i = 0; i < order.size(); i++) {
            result.inheritFromLoop(order.block(i));
        }
        return result;
    }

    /** The registers that are live at the start of a block: bit n for rn. */
    public int registers(int block) {
        return registers[block] | FRAME_POINTER;
    }

    /** The slots of the frame that are live at the start of a block: bit n for the eight bytes from its bottom + 8 n on. */
    public long slots(int block) {
        return copiesFrame(graph.block(block)) ? ALL_SLOTS : slots[block];
    }

    private boolean copiesFrame(BasicBlock block) {
        return copiesFrame[block.context().entryIndex()];
    }

    private void findFrameCopies() {
        for (int i = 0; i < order.size(); i++) {
            BasicBlock block = graph.block(order.block(i));
            for (int k = block.first(); k <= block.last() && !copiesFrame(block); k++) {
                copiesFrame[block.context().entryIndex()] =
                        copiesFrame(graph.program().get(k));
            }
        }
    }

    private static boolean copiesFrame(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i -> i.src() == Register.R10;
            case Instruction.Mov i -> i.src() == Register.R10;
            case Instruction.Store i -> i.src() == Register.R10;
            case Instruction.Atomic i -> i.src() == Register.R10;
            default -> false;
        };
    }

    private void walk(int block) {
        BasicBlock b = graph.block(block);
        live = 0;
        liveSlots = 0;
        int last = b.last();
        if (graph.program().get(last) instanceof Instruction.CallLocal) {
            // The callee has a frame and saved registers of its own.
            int after = graph.afterCall(block);
            live = (registers[graph.next(block)] & ARGUMENTS) | (registers[after] & SAVED);
            liveSlots = slots[after];
            last--;
        } else if (!(graph.program().get(last) instanceof Instruction.Exit)) {
            addSuccessor(2 * block);
            addSuccessor(2 * block + 1);
        }
        for (int i = last; i >= b.first(); i--) {
            before(graph.program().get(i));
        }
        registers[block] = live;
        slots[block] = liveSlots;
    }

    /** Blocks that come earlier, the headers of loops, are not walked yet: nothing is live there so far. */
    private void addSuccessor(int edge) {
        int target = graph.edgeTarget(edge);
        if (target >= 0) {
            live |= registers[target];
            liveSlots |= slots[target];
        }
    }

    private void inheritFromLoop(int block) {
        int header = order.enclosingHeader(block);
        // A loop around the call of a function holds its blocks too, but not its registers and its frame.
        if (header >= 0
                && graph.block(header).context().depth()
                        == graph.block(block).context().depth()) {
            registers[block] |= registers[header];
            slots[block] |= slots[header];
        }
    }

    /** Turns what is live after an instruction into what is live before it. */
    private void before(Instruction instruction) {
        switch (instruction) {
            case Instruction.Alu i -> read(i.dst(), i.src());
            case Instruction.Mov i -> {
                write(i.dst());
                read(i.src());
            }
            case Instruction.Neg i -> read(i.dst());
            case Instruction.ByteSwap i -> read(i.dst());
            case Instruction.LoadImm64 i -> write(i.dst());
            case Instruction.LoadPseudo i -> write(i.dst());
            case Instruction.Load i -> {
                write(i.dst());
                read(i.base());
                if (i.base() == Register.R10) {
                    liveSlots |= slotsOf(i.offset(), i.width().bytes());
                }
            }
            case Instruction.Store i -> {
                boolean wholeSlot = i.base() == Register.R10 && i.width() == Width.DW && i.offset() % SLOT_BYTES == 0;
                if (wholeSlot) {
                    liveSlots &= ~slotsOf(i.offset(), SLOT_BYTES);
                }
                read(i.base(), i.src());
            }
            case Instruction.Atomic i -> {
                read(i.base(), i.src());
                live |= bit(Register.R0);
                if (i.base() == Register.R10) {
                    liveSlots |= slotsOf(i.offset(), SLOT_BYTES);
                }
            }
            case Instruction.CallHelper i -> {
                int arguments =
                        Helper.byId(i.id()).map(h -> h.arguments().size()).orElse(5);
                live = (live & ~SCRATCH) | (((1 << arguments) - 1) << 1);
            }
            case Instruction.CondJump i -> read(i.left(), i.right());
            case Instruction.Exit i -> live = bit(Register.R0);
            case Instruction.CallRegister i -> read(i.target());
            case Instruction.Jump i -> {}
            case Instruction.CallLocal i -> throw new IllegalStateException("a call is not at the end of its block");
            case Instruction.CallBtf i -> live |= ARGUMENTS;
        }
    }

    private void write(Register register) {
        live &= ~bit(register);
    }

    private void read(Register register, Operand operand) {
        read(register);
        read(operand);
    }

    private void read(Operand operand) {
        switch (operand) {
            case Register r -> live |= bit(r);
            case Immediate i -> {}
        }
    }

    private static int bit(Register register) {
        return 1 << register.number();
    }

    /** The slots that bytes at an offset of r10 are in, as far as they are in the frame. */
    private static long slotsOf(int offset, int width) {
        int first = Math.max(0, offset + FRAME_BYTES);
        int last = Math.min(FRAME_BYTES, offset + FRAME_BYTES + width) - 1;
        long result = 0;
        for (int slot = first / SLOT_BYTES; slot <= last / SLOT_BYTES && last >= first; slot++) {
            result |= 1L << slot;
        }
        return result;
    }
}
