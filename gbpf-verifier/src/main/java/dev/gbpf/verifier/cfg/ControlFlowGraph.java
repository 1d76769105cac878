package dev.gbpf.verifier.cfg;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.RejectionException;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.limit.ResourceMeter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The basic blocks of a program and their edges, calls of functions expanded at each call site. Block 0 is the entry.
 *
 * <p>A block has at most two successors: {@link #next} (fall-through, target of an unconditional jump, entry of the called
 * function, or the place to return to) and {@link #taken} (target of a conditional jump that is taken).
 */
public final class ControlFlowGraph {
    private static final int NONE = -1;
    /** What a block costs in the analysis before any instruction is interpreted: time is short, but memory is held. */
    private static final int STEPS_PER_BLOCK = 4;
    /** The block, its edges, its places in orders and trees, and what the analysis keeps by block. */
    private static final int BYTES_PER_BLOCK = 160;

    private final Program program;
    private final List<BasicBlock> blocks = new ArrayList<>();
    private int[] next = new int[16];
    private int[] taken = new int[16];
    /** For a block that calls a function, where the function returns to. */
    private int[] afterCall = new int[16];
    /** Predecessors of block b are {@code predecessors[predecessorStart[b] .. predecessorStart[b + 1])}. */
    private int[] predecessorStart = {};

    private int[] predecessors = {};

    private ControlFlowGraph(Program program) {
        this.program = program;
    }

    /**
     * The graph of a program whose jumps and calls have valid targets.
     *
     * @throws RejectionException on recursion, calls that nest too deep, or more blocks than {@code meter} allows
     */
    public static ControlFlowGraph build(Program program, ResourceMeter meter) {
        Functions functions = Functions.of(program);
        FunctionBlocks[] templates = new FunctionBlocks[functions.count()];
        ControlFlowGraph graph = new ControlFlowGraph(program);
        List<Pending> work = new ArrayList<>();
        work.add(new Pending(new CallContext(null, NONE, 0, 0), NONE, NONE));
        while (!work.isEmpty()) {
            Pending pending = work.removeLast();
            int function = functions.at(pending.context.entryIndex());
            FunctionBlocks template = templates[function];
            if (template == null) {
                template = FunctionBlocks.of(program, functions.start(function), functions.end(function));
                templates[function] = template;
            }
            meter.charge((long) STEPS_PER_BLOCK * template.count(), pending.context.entryIndex());
            meter.hold((long) BYTES_PER_BLOCK * template.count());
            graph.instantiate(template, pending, work);
        }
        graph.linkPredecessors();
        return graph;
    }

    /** An activation yet to be expanded: who calls it and where its exits lead, as block numbers or -1. */
    private record Pending(CallContext context, int callBlock, int returnBlock) {}

    private void instantiate(FunctionBlocks template, Pending pending, List<Pending> work) {
        int base = blocks.size();
        CallContext context = pending.context;
        for (int i = 0; i < template.count(); i++) {
            int last = template.last(i);
            addBlock(new BasicBlock(base + i, context, template.first(i), last));
            int block = base + i;
            taken[block] = template.taken(i) < 0 ? NONE : base + template.taken(i);
            next[block] = template.next(i) < 0 ? NONE : base + template.next(i);
            Instruction end = program.get(last);
            if (end instanceof Instruction.Exit) {
                next[block] = pending.returnBlock;
            } else if (end instanceof Instruction.CallLocal call) {
                int callee = program.targetIndex(last, call.offset());
                // The template's successor is where the call returns to; the graph goes through the function.
                work.add(new Pending(enter(context, last, callee), block, next[block]));
                afterCall[block] = next[block];
                next[block] = NONE;
            }
        }
        if (pending.callBlock >= 0) {
            next[pending.callBlock] = base;
        }
    }

    private static CallContext enter(CallContext caller, int callIndex, int callee) {
        if (caller.isActive(callee)) {
            throw new RejectionException(
                    Violation.of(RejectionCode.RECURSION, callIndex, "the called function is not active already"));
        }
        if (caller.depth() + 1 >= CallContext.MAX_FRAMES) {
            throw new RejectionException(Violation.of(
                    RejectionCode.CALLS_TOO_DEEP,
                    callIndex,
                    "at most " + CallContext.MAX_FRAMES + " frames are live at once"));
        }
        return new CallContext(caller, callIndex, callee, caller.depth() + 1);
    }

    private void addBlock(BasicBlock block) {
        if (block.id() == next.length) {
            next = Arrays.copyOf(next, next.length * 2);
            taken = Arrays.copyOf(taken, taken.length * 2);
            afterCall = Arrays.copyOf(afterCall, afterCall.length * 2);
        }
        blocks.add(block);
    }

    private void linkPredecessors() {
        int n = blocks.size();
        predecessorStart = new int[n + 1];
        for (int b = 0; b < n; b++) {
            boolean ends = program.get(blocks.get(b).last()) instanceof Instruction.Exit
                    && blocks.get(b).context().depth() == 0;
            if (ends != (next[b] < 0)) {
                throw new IllegalStateException("block " + blocks.get(b) + " leads to " + next[b]);
            }
            count(next[b]);
            count(taken[b]);
        }
        for (int b = 0; b < n; b++) {
            predecessorStart[b + 1] += predecessorStart[b];
        }
        predecessors = new int[predecessorStart[n]];
        int[] fill = Arrays.copyOf(predecessorStart, n);
        for (int b = 0; b < n; b++) {
            if (next[b] >= 0) {
                predecessors[fill[next[b]]++] = 2 * b;
            }
            if (taken[b] >= 0) {
                predecessors[fill[taken[b]]++] = 2 * b + 1;
            }
        }
    }

    private void count(int target) {
        if (target >= 0) {
            predecessorStart[target + 1]++;
        }
    }

    public Program program() {
        return program;
    }

    public List<BasicBlock> blocks() {
        return blocks;
    }

    public BasicBlock block(int id) {
        return blocks.get(id);
    }

    public int size() {
        return blocks.size();
    }

    /** The successor that is not a taken conditional jump, or -1. */
    public int next(int block) {
        return next[block];
    }

    /** Where the block's conditional jump leads when taken, or -1. */
    public int taken(int block) {
        return taken[block];
    }

    /** Where the function that a block calls at its end returns to. */
    int afterCall(int block) {
        return afterCall[block];
    }

    /** Edges are numbered: {@code 2 * b} is the edge from b to its {@link #next}, {@code 2 * b + 1} to its {@link #taken}. */
    public int edgeSource(int edge) {
        return edge / 2;
    }

    /** Where an edge leads, or -1 when there is no such edge. */
    public int edgeTarget(int edge) {
        return (edge & 1) == 0 ? next[edge / 2] : taken[edge / 2];
    }

    /** How many edges lead to a block. */
    public int inDegree(int block) {
        return predecessorStart[block + 1] - predecessorStart[block];
    }

    /** The i-th edge that leads to a block. */
    public int inEdge(int block, int i) {
        return predecessors[predecessorStart[block] + i];
    }
}
