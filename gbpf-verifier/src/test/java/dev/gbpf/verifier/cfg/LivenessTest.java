package dev.gbpf.verifier.cfg;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.assertion.RejectionException;
import dev.gbpf.verifier.limit.AnalysisLimits;
import dev.gbpf.verifier.limit.ResourceMeter;
import dev.gbpf.verifier.testkit.ProgramArbitraries;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private static ControlFlowGraph graph(Program program) {
        return ControlFlowGraph.build(program, ResourceMeter.start(AnalysisLimits.DEFAULT, () -> false));
    }

    private static Liveness liveness(ControlFlowGraph graph) {
        return Liveness.of(graph, WeakTopologicalOrder.of(graph));
    }

    /** The block, of the first activation, that begins at an instruction. */
    private static int blockAt(ControlFlowGraph graph, int index) {
        return graph.blocks().stream()
                .filter(b -> b.first() == index)
                .findFirst()
                .orElseThrow()
                .id();
    }

    private static boolean isLive(Liveness liveness, int block, Register register) {
        return (liveness.registers(block) >>> register.number() & 1) != 0;
    }

    @Test
    void register_thatIsSetBeforeItIsRead_isDead() {
        ControlFlowGraph graph = graph(
                program(jump(JumpOp.EQ, R1, 0, "end"), mov(R3, 1), label("end"), mov(R2, R3), mov(R0, R2), exit()));
        Liveness liveness = liveness(graph);
        int end = blockAt(graph, 2);
        assertThat(isLive(liveness, end, R3)).isTrue();
        assertThat(isLive(liveness, end, R2)).isFalse();
        assertThat(isLive(liveness, end, R1)).isFalse();
    }

    @Test
    void register_thatTheNextIterationReads_isLiveInAllOfTheLoop() {
        ControlFlowGraph graph = graph(program(
                mov(R2, 0),
                label("head"),
                add(R2, 1),
                jump(JumpOp.EQ, R1, 0, "skip"),
                mov(R4, 1),
                label("skip"),
                jump(JumpOp.LT, R2, 5, "head"),
                mov(R0, 0),
                exit()));
        Liveness liveness = liveness(graph);
        assertThat(isLive(liveness, blockAt(graph, 3), R1)).isTrue();
        assertThat(isLive(liveness, blockAt(graph, 3), R4)).isFalse();
        assertThat(isLive(liveness, blockAt(graph, 5), R2)).isFalse();
    }

    @Test
    void slots_ofAFrameThatIsUsedByR10Alone_areLiveUntilTheyAreRead() {
        ControlFlowGraph graph = graph(program(
                jump(JumpOp.EQ, R1, 0, "end"),
                store(DW, R10, -8, 1),
                store(DW, R10, -16, 1),
                label("end"),
                load(W, R0, R10, -4),
                store(DW, R10, -16, 1),
                load(DW, R0, R10, -16),
                exit()));
        assertThat(liveness(graph).slots(blockAt(graph, 3))).isEqualTo(1L << 63);
    }

    @Test
    void slots_whereR10IsCopied_areAllLive() {
        ControlFlowGraph graph = graph(program(mov(R1, R10), load(B, R0, R1, -1), exit()));
        assertThat(liveness(graph).slots(0)).isEqualTo(-1);
    }

    @Test
    void registers_thatACalleeDoesNotRead_areDeadUnlessTheCallerDoes() {
        ControlFlowGraph graph = graph(program(
                mov(R6, 1),
                mov(R7, 2),
                mov(R2, 3),
                mov(R3, 4),
                call("function"),
                mov(R0, R6),
                exit(),
                label("function"),
                mov(R0, R2),
                exit()));
        Liveness liveness = liveness(graph);
        int function = blockAt(graph, 7);
        assertThat(isLive(liveness, function, R2)).isTrue();
        assertThat(isLive(liveness, function, R3)).isFalse();
        assertThat(isLive(liveness, blockAt(graph, 5), R6)).isTrue();
        assertThat(isLive(liveness, blockAt(graph, 5), R7)).isFalse();
    }

    @Provide
    Arbitrary<Program> programs() {
        return ProgramArbitraries.nearTheEdge();
    }

    /** Whatever some path reads before it writes it is live where the path begins. */
    @Property(tries = 100)
    void registers_thatAPathReadsFirst_areLive(@ForAll("programs") Program program) {
        ControlFlowGraph graph = graph(program);
        Liveness liveness = null;
        try {
            liveness = liveness(graph);
        } catch (RejectionException irreducible) {
            Assume.that(false);
        }
        for (int block = 0; block < graph.size(); block++) {
            for (int number = 0; number < Register.COUNT - 1; number++) {
                Register register = Register.of(number);
                if (liveness != null && isReadFirst(graph, block, register)) {
                    assertThat(isLive(liveness, block, register))
                            .as("%s at block %d", register, block)
                            .isTrue();
                }
            }
        }
    }

    /** Searches the paths within one activation. */
    private static boolean isReadFirst(ControlFlowGraph graph, int from, Register register) {
        Deque<Integer> work = new ArrayDeque<>();
        Set<Integer> seen = new HashSet<>();
        work.add(from);
        while (!work.isEmpty()) {
            int block = work.removeLast();
            if (!seen.add(block)) {
                continue;
            }
            Boolean reads = firstUse(graph, graph.block(block), register);
            if (Boolean.TRUE.equals(reads)) {
                return true;
            }
            if (reads == null) {
                boolean calls = graph.program().get(graph.block(block).last()) instanceof Instruction.CallLocal;
                work.add(calls ? graph.afterCall(block) : graph.next(block));
                work.add(Math.max(graph.taken(block), block)); // seen already where there is none
            }
        }
        return false;
    }

    /** True when a block reads a register first, false when it writes it, null when it does neither. */
    private static @Nullable Boolean firstUse(ControlFlowGraph graph, BasicBlock block, Register register) {
        for (int i = block.first(); i <= block.last(); i++) {
            Instruction instruction = graph.program().get(i);
            if (reads(instruction, register)) {
                return true;
            }
            if (writes(instruction, register)) {
                return false;
            }
        }
        return null;
    }

    private static boolean reads(Instruction instruction, Register register) {
        return switch (instruction) {
            case Instruction.Alu i -> isOneOf(register, i.dst(), i.src());
            case Instruction.Mov i -> isOneOf(register, i.src());
            case Instruction.Neg i -> isOneOf(register, i.dst());
            case Instruction.ByteSwap i -> isOneOf(register, i.dst());
            case Instruction.Load i -> isOneOf(register, i.base());
            case Instruction.Store i -> isOneOf(register, i.base(), i.src());
            case Instruction.Atomic i ->
                isOneOf(register, i.base(), i.src()) || (i.op() == AtomicOp.CMPXCHG && register == R0);
            case Instruction.CondJump i -> isOneOf(register, i.left(), i.right());
            case Instruction.CallHelper i ->
                register.number() >= 1
                        && register.number()
                                <= Helper.byId(i.id()).orElseThrow().arguments().size();
            case Instruction.Exit i -> register == R0;
            default -> false;
        };
    }

    private static boolean writes(Instruction instruction, Register register) {
        return switch (instruction) {
            case Instruction.Mov i -> i.dst() == register;
            case Instruction.LoadImm64 i -> i.dst() == register;
            case Instruction.LoadPseudo i -> i.dst() == register;
            case Instruction.Load i -> i.dst() == register;
            case Instruction.CallHelper i -> register.number() <= 5;
            case Instruction.CallLocal i -> register.number() <= 5;
            case Instruction.Exit i -> true;
            default -> false;
        };
    }

    private static boolean isOneOf(Register register, Operand... operands) {
        for (Operand operand : operands) {
            if (operand == register) {
                return true;
            }
        }
        return false;
    }

    @Test
    void lookup_readsItsArgumentsOnly() {
        ControlFlowGraph graph =
                graph(program(map(R1, Fixture.HASH), call(Helper.MAP_LOOKUP_ELEM), mov(R0, 0), exit()));
        Liveness liveness = liveness(graph);
        assertThat(isLive(liveness, 0, R2)).isTrue();
        assertThat(isLive(liveness, 0, R1)).isFalse();
        assertThat(isLive(liveness, 0, R3)).isFalse();
    }
}
