package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tests of a loop, and classes of {@link Places} between which it copies: a test of one place is one of all of its class. */
final class LoopTests {
    /** Beyond this many the later ones are left out: a widening may have to climb all of them. */
    static final int MAX_CONSTANTS = 64;

    /** Classes of one place each. */
    private static final short[] OF_THEIR_OWN = new short[Places.COUNT];

    static {
        for (int i = 0; i < OF_THEIR_OWN.length; i++) {
            OF_THEIR_OWN[i] = (short) i;
        }
    }

    private int count;
    private int[] places = new int[4];
    private long[] constants = new long[4];
    /** Whether the place is compared with a register instead of the constant. */
    private boolean[] withRegister = new boolean[4];

    private final short[] parents = OF_THEIR_OWN.clone();

    /** By number of a test: the thresholds of its class, at the first test of it. */
    private @Nullable Thresholds[] thresholds = {};

    /** Adds what an instruction tests or copies. */
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
            parents[find(a)] = (short) find(b);
        }
    }

    private int find(int place) {
        short root = (short) place;
        while (parents[root] != root) {
            root = parents[root];
        }
        parents[place] = root;
        return root;
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

    /**
     * Finds the thresholds, when all instructions were added.
     *
     * @param moved constants that may be in a register that another is compared with
     */
    void finish(Supplier<long[]> moved) {
        thresholds = new Thresholds[count];
        for (int i = 0; i < count; i++) {
            int tested = find(places[i]);
            places[i] = tested;
            if (at(tested) == null) {
                thresholds[i] = Thresholds.of(constants(tested, moved), 64, 32);
            }
        }
    }

    /** The thresholds of a place; null where no test speaks of it. */
    @Nullable
    Thresholds at(int place) {
        if (count == 0) {
            return null;
        }
        int tested = find(place);
        for (int i = 0; i < count; i++) {
            if (places[i] == tested && thresholds[i] != null) {
                return thresholds[i];
            }
        }
        return null;
    }

    /** The constants that places of one class are compared with; where they are compared with registers, those that may be there. */
    private long[] constants(int tested, Supplier<long[]> moved) {
        long[] found = new long[Math.min(count, MAX_CONSTANTS)];
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
        long[] others = comparesRegisters ? moved.get() : new long[0];
        int more = Math.min(others.length, MAX_CONSTANTS - size);
        found = Arrays.copyOf(found, size + more);
        System.arraycopy(others, 0, found, size, more);
        return found;
    }

    private static boolean contains(long[] constants, int size, long constant) {
        for (int i = 0; i < size; i++) {
            if (constants[i] == constant) {
                return true;
            }
        }
        return false;
    }
}
