package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.domain.Word;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Follows how each place of one frame has changed since the current iteration of a loop began: an abstract interpretation
 * beside the main one, whose states tell it where stores go.
 */
final class CounterTracker {
    private static final @Nullable Progress[] UNCHANGED = new Progress[Places.COUNT];

    static {
        for (int i = 0; i < UNCHANGED.length; i++) {
            UNCHANGED[i] = Progress.unchanged(i, Places.isWide(i));
        }
    }

    private final int frame;
    private final @Nullable Progress[] places;

    private CounterTracker(int frame, @Nullable Progress[] places) {
        this.frame = frame;
        this.places = places;
    }

    /** At the start of an iteration: every place holds what it holds. */
    static CounterTracker atHeader(int frame) {
        return new CounterTracker(frame, UNCHANGED.clone());
    }

    CounterTracker copy() {
        return new CounterTracker(frame, places.clone());
    }

    /** The relation of a place to the start of the iteration, or null when there is none. */
    @Nullable
    Progress at(int place) {
        return places[place];
    }

    /** Keeps what holds here and there. */
    void join(CounterTracker other) {
        for (int i = 0; i < places.length; i++) {
            places[i] = Progress.join(places[i], other.places[i]);
        }
    }

    /** Whether the same is known of each place here and there. */
    boolean isSame(CounterTracker other) {
        return Arrays.equals(places, other.places);
    }

    /** Keeps what is the same here and there; whether that is less than it was here. */
    boolean keepCommon(CounterTracker other) {
        boolean less = false;
        for (int i = 0; i < places.length; i++) {
            Progress own = places[i];
            if (own != null && !own.equals(other.places[i])) {
                places[i] = null;
                less = true;
            }
        }
        return less;
    }

    /** Follows one instruction; {@code before} is the main analysis's state before it. */
    void apply(Instruction instruction, EbpfState before) {
        boolean ownFrame = before.depth() == frame;
        switch (instruction) {
            case Instruction.Store i -> store(i, before, ownFrame);
            case Instruction.Atomic i -> {
                forgetMemory(before, i.base(), i.offset(), i.is64() ? 8 : 4);
                if (ownFrame && i.fetch()) {
                    set(i.op() == AtomicOp.CMPXCHG ? Register.R0 : i.src(), null);
                }
            }
            case Instruction.CallHelper i -> {
                if (ownFrame) {
                    forgetScratch();
                }
                if (Helper.byId(i.id()).filter(Helper::writesMemory).isPresent()) {
                    Arrays.fill(places, Places.REGISTERS, Places.COUNT, null);
                }
            }
            case Instruction.Exit i -> {
                if (before.depth() == frame + 1) {
                    forgetScratch();
                }
            }
            default -> {
                if (ownFrame) {
                    registers(instruction, before);
                }
            }
        }
    }

    /** A call leaves r0 to r5 with other values. */
    private void forgetScratch() {
        Arrays.fill(places, 0, 6, null);
    }

    private @Nullable Progress get(Register register) {
        return register == Register.R10 ? null : places[register.number()];
    }

    private void set(Register register, @Nullable Progress progress) {
        if (register != Register.R10) {
            places[register.number()] = progress;
        }
    }

    private void registers(Instruction instruction, EbpfState before) {
        switch (instruction) {
            case Instruction.Alu i -> set(i.dst(), sum(i, before));
            case Instruction.Mov i -> set(i.dst(), i.src() instanceof Register r ? moved(i, get(r), before) : null);
            case Instruction.Neg i -> set(i.dst(), null);
            case Instruction.ByteSwap i -> set(i.dst(), null);
            case Instruction.LoadImm64 i -> set(i.dst(), null);
            case Instruction.LoadPseudo i -> set(i.dst(), null);
            case Instruction.Load i -> set(i.dst(), loaded(i, before));
            default -> {}
        }
    }

    private @Nullable Progress sum(Instruction.Alu i, EbpfState before) {
        Progress old = get(i.dst());
        boolean sum = i.op() == AluOp.ADD || i.op() == AluOp.SUB;
        if (old == null
                || !sum
                || !isCountable(before.get(i.dst()), i.is64())
                || !(EbpfTransformer.operand(before, i.src()) instanceof Numeric n)) {
            return null;
        }
        Word step = i.is64() ? n.scalar().wide() : n.scalar().low();
        if (step.smin() == Long.MIN_VALUE) {
            return null;
        }
        return i.op() == AluOp.ADD
                ? old.plus(step.smin(), step.smax(), i.is64())
                : old.plus(-step.smax(), -step.smin(), i.is64());
    }

    /** A number; or a pointer, of which the offset counts. */
    private static boolean isCountable(Value value, boolean is64) {
        return value instanceof Numeric || (is64 && value instanceof Pointer p && !p.maybeNull());
    }

    private static @Nullable Progress moved(Instruction.Mov i, @Nullable Progress source, EbpfState before) {
        if (source == null || i.signBits() == 8 || i.signBits() == 16) {
            return null;
        }
        if (i.signBits() == 32) {
            return source.narrow();
        }
        boolean whole = i.is64()
                || (before.get((Register) i.src()) instanceof Numeric n
                        && n.scalar().fitsBits(32));
        return whole ? source : source.narrow();
    }

    private @Nullable Progress loaded(Instruction.Load i, EbpfState before) {
        if (!(before.get(i.base()) instanceof Pointer p) || !p.region().equals(new Region.Stack(frame))) {
            return null;
        }
        StackAccess access = StackAccess.of(p, i.offset(), i.width().bytes());
        if (access == null || !access.isExact() || access.position() % i.width().bytes() != 0) {
            return null;
        }
        Progress stored = switch (i.width()) {
            case DW, W -> places[Places.unit(access.position())];
            case B, H -> null;
        };
        return stored != null && i.width() == Width.W ? stored.narrow() : stored;
    }

    private void store(Instruction.Store i, EbpfState before, boolean ownFrame) {
        Progress value = ownFrame && i.src() instanceof Register r ? get(r) : null;
        forgetMemory(before, i.base(), i.offset(), i.width().bytes());
        if (value == null
                || !(before.get(i.base()) instanceof Pointer p)
                || !p.region().equals(new Region.Stack(frame))) {
            return;
        }
        StackAccess access = StackAccess.of(p, i.offset(), i.width().bytes());
        if (access == null || !access.isExact() || access.position() % i.width().bytes() != 0) {
            return;
        }
        switch (i.width()) {
            case DW -> places[Places.unit(access.position())] = value;
            case W -> places[Places.unit(access.position())] = value.narrow();
            case B, H -> {}
        }
    }

    /** Forgets the units that a store can touch, and of a number that loses its high half, the high half. */
    private void forgetMemory(EbpfState before, Register base, int offset, int width) {
        if (!(before.get(base) instanceof Pointer p) || !p.region().equals(new Region.Stack(frame))) {
            return;
        }
        StackAccess access = StackAccess.of(p, offset, width);
        if (access == null) {
            Arrays.fill(places, Places.REGISTERS, Places.COUNT, null);
            return;
        }
        int first = Places.unit(access.position());
        int last = Places.unit(access.position() + access.size() - 1);
        Arrays.fill(places, first, last + 1, null);
        if (!Places.isWide(first)) {
            Progress low = places[first - 1];
            places[first - 1] = low == null ? null : low.narrow();
        }
    }
}
