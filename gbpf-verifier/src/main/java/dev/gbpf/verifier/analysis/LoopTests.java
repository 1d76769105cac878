package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Thresholds;
import dev.gbpf.verifier.domain.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tests of a loop, and classes of {@link Places} between which it copies: a test of one place is one of all of its class. */
final class LoopTests {
    /** Beyond this many the later ones are left out: a widening may have to climb all of them. */
    private static final int MAX_CONSTANTS = 64;

    /** Four for each place, of as many places as a loop is likely to compare with each other. */
    private static final int MAX_ENDS = 32;

    /** Classes of one place each. */
    private static final short[] OF_THEIR_OWN = new short[Places.COUNT];

    static {
        for (int i = 0; i < OF_THEIR_OWN.length; i++) {
            OF_THEIR_OWN[i] = (short) i;
        }
    }

    /** What an entry says of its place. */
    private enum Kind {
        /** It is compared with the constant. */
        CONSTANT,
        /** It is compared with a register. */
        REGISTER,
        /** It is set to the constant, with which others of its class may be compared then. */
        MOVED
    }

    private int count;
    private int[] places = new int[4];
    private long[] constants = new long[4];
    private @Nullable Kind[] kinds = new Kind[4];

    private final short[] parents = OF_THEIR_OWN.clone();

    /** Classes of places that tests speak of. */
    private final List<Tested> tested = new ArrayList<>(2);

    /**
     * One class.
     *
     * @param root its place that stands for all
     * @param comparesRegisters whether its places are compared with each other
     * @param thresholds at the constants that they are compared with
     */
    private record Tested(int root, boolean comparesRegisters, Thresholds thresholds) {}

    /** Adds what an instruction tests or copies. */
    void add(Instruction instruction) {
        switch (instruction) {
            case Instruction.CondJump i -> compare(i.left(), i.right());
            case Instruction.Mov i when i.src() instanceof Register source -> unite(place(i.dst()), place(source));
            case Instruction.Mov i when i.src() instanceof Immediate c -> test(place(i.dst()), Kind.MOVED, c.value());
            case Instruction.LoadImm64 i -> test(place(i.dst()), Kind.MOVED, i.value());
            case Instruction.Alu i
            when i.src() instanceof Immediate c && i.op() == AluOp.AND ->
                test(place(i.dst()), Kind.CONSTANT, c.value());
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
            case Immediate c -> test(place(left), Kind.CONSTANT, c.value());
            case Register r -> {
                test(place(left), Kind.REGISTER, 0);
                unite(place(left), place(r));
            }
        }
    }

    private void test(int place, Kind kind, long constant) {
        if (place < 0) {
            return;
        }
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
            constants = Arrays.copyOf(constants, 2 * count);
            kinds = Arrays.copyOf(kinds, 2 * count);
        }
        places[count] = place;
        constants[count] = constant;
        kinds[count++] = kind;
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

    /** Finds the thresholds, when all instructions were added. */
    void finish() {
        for (int i = 0; i < count; i++) {
            places[i] = find(places[i]);
        }
        for (int i = 0; i < count; i++) {
            if (kinds[i] != Kind.MOVED && tested(places[i]) == null) {
                boolean comparesRegisters = comparesRegisters(places[i]);
                Thresholds thresholds = Thresholds.of(constants(places[i], comparesRegisters), 64, 32);
                tested.add(new Tested(places[i], comparesRegisters, thresholds));
            }
        }
    }

    /**
     * The thresholds of a place when the loop's header is seen again; null where no test speaks of it.
     *
     * @param before what was known at the header
     * @param again what an iteration brings back there
     */
    @Nullable
    Thresholds at(int place, EbpfState before, EbpfState again) {
        Tested own = tested.isEmpty() ? null : tested(find(place));
        if (own == null) {
            return null;
        }
        return own.comparesRegisters ? own.thresholds.with(ends(own.root, before, again)) : own.thresholds;
    }

    private @Nullable Tested tested(int root) {
        for (int i = 0; i < tested.size(); i++) {
            if (tested.get(i).root == root) {
                return tested.get(i);
            }
        }
        return null;
    }

    private boolean comparesRegisters(int root) {
        for (int i = 0; i < count; i++) {
            if (places[i] == root && kinds[i] == Kind.REGISTER) {
                return true;
            }
        }
        return false;
    }

    /** The ends of the numbers and offsets in those places of a class that an iteration leaves alone: what counters are compared with. */
    private long[] ends(int root, EbpfState before, EbpfState again) {
        long[] found = new long[MAX_ENDS];
        int size = 0;
        for (int place = 0; place < Places.COUNT && size + 4 <= MAX_ENDS; place++) {
            if (Places.isWide(place) && find(place) == root) {
                Scalar now = Places.number(before, before.depth(), place, true);
                Scalar then = now == null ? null : Places.number(again, again.depth(), place, true);
                if (now != null && now.equals(then)) {
                    Word word = now.wide();
                    found[size++] = word.umin();
                    found[size++] = word.umax();
                    found[size++] = word.smin();
                    found[size++] = word.smax();
                }
            }
        }
        return Arrays.copyOf(found, size);
    }

    /** The constants that places of a class are compared with; and, if {@code moved} ones count, those that they are set to. */
    private long[] constants(int root, boolean moved) {
        long[] found = new long[Math.min(count, MAX_CONSTANTS)];
        int size = 0;
        for (int i = 0; i < count && size < MAX_CONSTANTS; i++) {
            boolean counts = kinds[i] == Kind.CONSTANT || (moved && kinds[i] == Kind.MOVED);
            if (counts && places[i] == root && !contains(found, size, constants[i])) {
                found[size++] = constants[i];
            }
        }
        return Arrays.copyOf(found, size);
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
