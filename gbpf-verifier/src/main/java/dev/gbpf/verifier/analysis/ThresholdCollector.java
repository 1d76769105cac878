package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the constants at which the bounds of each place of a loop are likely to rest: those that the loop's tests compare it with.
 * What is copied from place to place counts for all of them. Where a test compares registers, the constants that the program moves
 * about may be what they hold.
 *
 * <p>A place that no test of the loop speaks of has nothing to stop it, so there is no use in letting it climb.
 */
final class ThresholdCollector {
    /** Beyond this many the later ones are left out: a widening may have to climb all of them. */
    private static final int MAX_CONSTANTS = 64;

    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final Map<Integer, @Nullable Thresholds[]> ofLoops = new HashMap<>();
    private long @Nullable [] moved;

    ThresholdCollector(ControlFlowGraph graph, WeakTopologicalOrder order) {
        this.graph = graph;
        this.order = order;
    }

    /** By number of {@link Places}: the thresholds in the loop of a header; null for a place that no test speaks of. */
    @Nullable
    Thresholds[] of(int header) {
        return ofLoops.computeIfAbsent(header, h -> {
            Tests tests = new Tests();
            for (int i = order.position(h); i < order.loopEnd(h); i++) {
                BasicBlock block = graph.block(order.block(i));
                for (int k = block.first(); k <= block.last(); k++) {
                    tests.add(graph.program().get(k));
                }
            }
            return thresholds(tests);
        });
    }

    private @Nullable Thresholds[] thresholds(Tests tests) {
        @Nullable Thresholds[] ofClasses = new Thresholds[Places.COUNT];
        for (int i = 0; i < tests.count; i++) {
            int tested = tests.find(tests.places[i]);
            if (ofClasses[tested] == null) {
                ofClasses[tested] = Thresholds.of(tests.constants(tested, this), 64, 32);
            }
        }
        @Nullable Thresholds[] ofPlaces = new Thresholds[Places.COUNT];
        for (int place = 0; place < ofPlaces.length && tests.count > 0; place++) {
            ofPlaces[place] = ofClasses[tests.find(place)];
        }
        return ofPlaces;
    }

    /** The tests of a loop, and classes of places between which it copies. */
    private static final class Tests {
        int count;
        int[] places = new int[8];
        private long[] constants = new long[8];
        /** Whether the place is compared with a register instead of the constant. */
        private boolean[] withRegister = new boolean[8];

        private final int[] parents = new int[Places.COUNT];

        Tests() {
            Arrays.setAll(parents, i -> i);
        }

        int find(int place) {
            int root = place;
            while (parents[root] != root) {
                root = parents[root];
            }
            parents[place] = root;
            return root;
        }

        /** The constants that places of one class are compared with; where they are compared with registers, those that may be there. */
        long[] constants(int tested, ThresholdCollector collector) {
            long[] found = new long[MAX_CONSTANTS];
            int size = 0;
            boolean comparesRegisters = false;
            for (int i = 0; i < count && size < MAX_CONSTANTS; i++) {
                if (find(places[i]) == tested) {
                    comparesRegisters |= withRegister[i];
                    if (!withRegister[i] && !contains(found, size, constants[i])) {
                        found[size++] = constants[i];
                    }
                }
            }
            long[] moved = comparesRegisters ? collector.movedConstants() : new long[0];
            int more = Math.min(moved.length, MAX_CONSTANTS - size);
            System.arraycopy(moved, 0, found, size, more);
            return Arrays.copyOf(found, size + more);
        }

        private static boolean contains(long[] constants, int size, long constant) {
            for (int i = 0; i < size; i++) {
                if (constants[i] == constant) {
                    return true;
                }
            }
            return false;
        }

        private void test(int place, boolean isRegister, long constant) {
            if (count == places.length) {
                places = Arrays.copyOf(places, 2 * count);
                constants = Arrays.copyOf(constants, 2 * count);
                withRegister = Arrays.copyOf(withRegister, 2 * count);
            }
            places[count] = place;
            constants[count] = constant;
            withRegister[count++] = isRegister;
        }

        private void unite(int a, int b) {
            if (a >= 0 && b >= 0) {
                parents[find(a)] = find(b);
            }
        }

        void add(Instruction instruction) {
            switch (instruction) {
                case Instruction.CondJump i -> compare(i.left(), i.right());
                case Instruction.Mov i when i.src() instanceof Register source -> unite(place(i.dst()), place(source));
                case Instruction.Alu i
                when i.src() instanceof Immediate c && i.op() == AluOp.AND -> test(place(i.dst()), false, c.value());
                case Instruction.Load i when i.base() == Register.R10 -> unite(place(i.dst()), slot(i.offset()));
                case Instruction.Store i
                when i.base() == Register.R10 && i.src() instanceof Register source ->
                    unite(place(source), slot(i.offset()));
                default -> {}
            }
        }

        private void compare(Register left, Operand right) {
            if (left == Register.R10) {
                return;
            }
            switch (right) {
                case Immediate c -> test(place(left), false, c.value());
                case Register r -> {
                    test(place(left), true, 0);
                    unite(place(left), place(r));
                }
            }
        }

        private static int place(Register register) {
            return register == Register.R10 ? -1 : register.number();
        }

        /** The slot that an offset of the frame pointer is in; -1 when it is outside of the frame. */
        private static int slot(int offset) {
            return offset < -Region.Stack.SIZE || offset >= 0
                    ? -1
                    : Places.unit((offset + Region.Stack.SIZE) / StackSlot.BYTES * StackSlot.BYTES);
        }
    }

    /** Constants that the program moves about. */
    private long[] movedConstants() {
        long[] constants = moved;
        if (constants == null) {
            Set<Long> found = new TreeSet<>();
            Program program = graph.program();
            for (int i = 0; i < program.size() && found.size() < MAX_CONSTANTS; i++) {
                ofMove(program.get(i), found);
            }
            constants = found.stream().mapToLong(c -> c).toArray();
            moved = constants;
        }
        return constants;
    }

    private static void ofMove(Instruction instruction, Set<Long> constants) {
        switch (instruction) {
            case Instruction.Mov i when i.src() instanceof Immediate c -> constants.add((long) c.value());
            case Instruction.Store i when i.src() instanceof Immediate c -> constants.add((long) c.value());
            case Instruction.Alu i
            when i.src() instanceof Immediate c && i.op() == AluOp.ADD -> constants.add((long) c.value());
            case Instruction.Alu i
            when i.src() instanceof Immediate c && i.op() == AluOp.SUB -> constants.add(-(long) c.value());
            case Instruction.Alu i
            when i.src() instanceof Immediate c && i.op() == AluOp.AND -> constants.add((long) c.value());
            case Instruction.LoadImm64 i -> constants.add(i.value());
            case Instruction.LoadPseudo i -> constants.add((long) i.nextImm());
            default -> {}
        }
    }
}
