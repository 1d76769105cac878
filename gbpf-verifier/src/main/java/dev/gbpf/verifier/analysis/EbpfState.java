package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.analysis.Value.Uninitialised;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is known at one point of a program: the registers, the stack frames that are live, and the registers that callers
 * saved. Contents of maps and of the context are not tracked.
 *
 * <p>Mutable while one block is interpreted; never changed once it is published to an edge.
 */
@SuppressWarnings("ReferenceEquality") // parts that states share are known by their identity
public final class EbpfState {
    /** r6 to r9 survive calls. */
    private static final int FIRST_SAVED = 6;

    private static final int SAVED = 4;

    /** What a state takes that shares all that it holds: the object, its arrays, and the list that it is in. */
    private static final int BYTES = 192;

    private final Value[] registers;
    /** One per live frame, the program's own first. */
    private StackFrame[] frames;
    /** r6 to r9 of each frame but the last, by its number; immutable arrays. */
    private Value[][] saved;

    private References references;
    private int lastIdentity;
    /** See {@link #bytes}. */
    private int bytes = BYTES;

    private EbpfState(
            Value[] registers, StackFrame[] frames, Value[][] saved, References references, int lastIdentity) {
        this.registers = registers;
        this.frames = frames;
        this.saved = saved;
        this.references = references;
        this.lastIdentity = lastIdentity;
    }

    /** The state at the start of a program: r10 points to the top of the frame, only r1 and r2 may have other values. */
    static EbpfState atEntry(Value r1, Value r2) {
        Value[] registers = new Value[Register.COUNT];
        Arrays.fill(registers, Uninitialised.INSTANCE);
        registers[1] = r1;
        registers[2] = r2;
        registers[10] = Pointer.to(new Region.Stack(0));
        return new EbpfState(registers, new StackFrame[] {StackFrame.EMPTY}, new Value[0][], References.NONE, 0);
    }

    EbpfState copy() {
        return new EbpfState(registers.clone(), frames.clone(), saved, references, lastIdentity);
    }

    /** The memory that this state takes besides what it shares with the one it was made from, about. */
    int bytes() {
        return bytes;
    }

    /** Counts the memory of a state that is about to be published, made from {@code origin}. */
    @SuppressWarnings("ReferenceEquality") // objects are shared, not what they say
    void measure(EbpfState origin) {
        int count = BYTES;
        for (int i = 0; i < registers.length; i++) {
            count += registers[i] == origin.registers[i] ? 0 : Value.BYTES;
        }
        for (int i = 0; saved != origin.saved && i < saved.length; i++) {
            count += i < origin.saved.length && saved[i] == origin.saved[i] ? 0 : SAVED * Value.BYTES;
        }
        for (int i = 0; i < frames.length; i++) {
            count += frames[i].bytesBeside(i < origin.frames.length ? origin.frames[i] : StackFrame.EMPTY);
        }
        bytes = count;
    }

    /** What is known of a register. */
    public Value get(Register register) {
        return registers[register.number()];
    }

    void set(Register register, Value value) {
        registers[register.number()] = value;
    }

    /** The number of the frame that runs, 0 for the program's own. */
    public int depth() {
        return frames.length - 1;
    }

    StackFrame frame(int number) {
        return frames[number];
    }

    void setFrame(int number, StackFrame frame) {
        frames[number] = frame;
    }

    /** What a zero-extending load of 1, 2, 4 or 8 bytes at an offset (-512 to -1) of a live frame gives. */
    public Value stack(int frame, int offset, int width) {
        return frames[frame].read(offset + Region.Stack.SIZE, width);
    }

    /** An identity or symbol that no value has; 0, which is none, when they are used up. */
    int freshIdentity() {
        return lastIdentity == Integer.MAX_VALUE ? 0 : ++lastIdentity;
    }

    /** Relates a register's value to those that are about to be made from it, and returns it: for a copy or a sum. */
    Value share(Register register) {
        Value value = Values.related(get(register), this::freshIdentity);
        set(register, value);
        return value;
    }

    /** Enters a function: its arguments stay in r1 to r5, its frame is empty. */
    void push() {
        int depth = frames.length;
        Value[][] deeper = Arrays.copyOf(saved, depth);
        deeper[depth - 1] = Arrays.copyOfRange(registers, FIRST_SAVED, FIRST_SAVED + SAVED);
        saved = deeper;
        frames = Arrays.copyOf(frames, depth + 1);
        frames[depth] = StackFrame.EMPTY;
        Arrays.fill(registers, FIRST_SAVED, FIRST_SAVED + SAVED, Uninitialised.INSTANCE);
        registers[0] = Uninitialised.INSTANCE;
        registers[10] = Pointer.to(new Region.Stack(depth));
    }

    /** Leaves a function: r0 is the result, r6 to r9 are the caller's again, and nothing points into the frame any more. */
    void pop() {
        int depth = frames.length - 1;
        System.arraycopy(saved[depth - 1], 0, registers, FIRST_SAVED, SAVED);
        Arrays.fill(registers, 1, FIRST_SAVED, Uninitialised.INSTANCE);
        registers[10] = Pointer.to(new Region.Stack(depth - 1));
        saved = Arrays.copyOf(saved, depth - 1);
        frames = Arrays.copyOf(frames, depth);
        Region.Stack gone = new Region.Stack(depth);
        replaceAll(v -> v instanceof Pointer p && p.region().equals(gone) ? Uninitialised.INSTANCE : v);
    }

    /** Forgets registers, and slots of the frame that runs, other than those of two sets, in which bits stand for their numbers. */
    void retain(int liveRegisters, long liveSlots) {
        for (int i = 0; i < registers.length; i++) {
            if ((liveRegisters >>> i & 1) == 0) {
                registers[i] = Uninitialised.INSTANCE;
            }
        }
        frames[frames.length - 1] = frames[frames.length - 1].retain(liveSlots);
    }

    /** A call of a helper leaves r1 to r5 without values. */
    void clobberArguments() {
        Arrays.fill(registers, 1, FIRST_SAVED, Uninitialised.INSTANCE);
    }

    /**
     * Restricts a register's number, or its pointer's offset, to {@code now}, which is in what it was, and whatever is related.
     *
     * @return false when no execution is left
     */
    boolean refine(Register register, Scalar now) {
        Value value = get(register);
        int symbol = 0;
        long delta = 0;
        switch (value) {
            case Value.Numeric n -> {
                symbol = n.symbol();
                delta = n.delta();
                set(register, new Value.Numeric(now, symbol, delta));
            }
            case Pointer p -> {
                symbol = p.symbol();
                delta = p.delta();
                set(register, new Pointer(p.region(), now, p.maybeNull(), p.identity(), symbol, delta));
            }
            default -> throw new IllegalArgumentException("no number or pointer to refine: " + value);
        }
        if (symbol == 0 || !isShared(register, symbol)) {
            return true;
        }
        int related = symbol;
        long distance = delta;
        boolean[] possible = {true};
        replaceAll(v -> {
            Value refined = Values.refined(v, related, distance, now);
            possible[0] &= refined != null;
            return refined == null ? v : refined;
        });
        return possible[0];
    }

    /** Whether a place other than a register has a symbol. */
    private boolean isShared(Register register, int symbol) {
        for (int i = 0; i < registers.length; i++) {
            if (i != register.number() && Values.hasSymbol(registers[i], symbol)) {
                return true;
            }
        }
        for (StackFrame frame : frames) {
            if (frame.hasSymbol(symbol)) {
                return true;
            }
        }
        for (Value[] values : saved) {
            for (Value value : values) {
                if (Values.hasSymbol(value, symbol)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Decides of a pointer that may be null, and of its copies, whether it is. */
    void refineNull(Register register, boolean isNull) {
        if (!(get(register) instanceof Pointer pointer)) {
            throw new IllegalArgumentException("no pointer to refine: " + get(register));
        }
        int identity = pointer.identity();
        if (isNull) {
            references = references.whereNull(identity);
        }
        set(register, decided(pointer, isNull));
        if (identity != 0) {
            replaceAll(
                    v -> v instanceof Pointer p && p.identity() == identity && p.maybeNull() ? decided(p, isNull) : v);
        }
    }

    /** What the program may have acquired and not released. */
    References references() {
        return references;
    }

    /** Acquires a reference: the pointer to it, or null. */
    Pointer acquire(Region.ReservedRecord record) {
        int identity = freshIdentity();
        references = references.with(record.site(), identity);
        return new Pointer(record, Scalar.constant(0), true, identity, 0, 0);
    }

    /** Releases a reference: nothing points to it any more. */
    void release(Region.ReservedRecord record) {
        references = references.without(record.site());
        replaceAll(v -> v instanceof Pointer p && p.region().equals(record) ? Uninitialised.INSTANCE : v);
    }

    private static Value decided(Pointer pointer, boolean isNull) {
        return isNull
                ? Value.Numeric.of(Scalar.constant(0))
                : new Pointer(
                        pointer.region(),
                        pointer.offset(),
                        false,
                        pointer.identity(),
                        pointer.symbol(),
                        pointer.delta());
    }

    private void replaceAll(UnaryOperator<Value> change) {
        for (int i = 0; i < registers.length; i++) {
            registers[i] = change.apply(registers[i]);
        }
        for (int i = 0; i < frames.length; i++) {
            frames[i] = frames[i].map(change);
        }
        for (int i = 0; i < saved.length; i++) {
            for (int k = 0; k < SAVED; k++) {
                Value value = change.apply(saved[i][k]);
                if (!Values.same(value, saved[i][k])) {
                    saved = withSaved(saved, i, k, value);
                }
            }
        }
    }

    private static Value[][] withSaved(Value[][] saved, int frame, int register, Value value) {
        Value[][] changed = saved.clone();
        changed[frame] = changed[frame].clone();
        changed[frame][register] = value;
        return changed;
    }

    /**
     * Whether every execution that {@code smaller} stands for is one that this stands for; both at the same point.
     *
     * @param relations where the test is kept
     */
    boolean includes(EbpfState smaller, RelationInclusion relations) {
        if (this == smaller) {
            return true;
        }
        if (!isIncluded(smaller, relations.begin(smaller.lastIdentity, false))) {
            return false;
        }
        return !relations.isUndecided() || isIncluded(smaller, relations.begin(smaller.lastIdentity, true));
    }

    private boolean isIncluded(EbpfState smaller, RelationInclusion relations) {
        for (int i = 0; i < registers.length; i++) {
            if (!Values.includes(registers[i], smaller.registers[i], relations)) {
                return false;
            }
        }
        for (int i = 0; i < saved.length && !(saved == smaller.saved && relations.skipsShared()); i++) {
            for (int k = 0; k < SAVED; k++) {
                if (!Values.includes(saved[i][k], smaller.saved[i][k], relations)) {
                    return false;
                }
            }
        }
        for (int i = 0; i < frames.length; i++) {
            if (!frames[i].includes(smaller.frames[i], relations)) {
                return false;
            }
        }
        return references.includes(smaller.references, relations);
    }

    /**
     * An upper bound of two states at the same point: the join, or with {@code widening} this widened by {@code other}.
     *
     * @param relations where the names of values are kept meanwhile
     */
    EbpfState join(EbpfState other, @Nullable Widening widening, RelationJoin relations) {
        if (this == other) {
            return this;
        }
        relations.begin(Math.max(lastIdentity, other.lastIdentity));
        Value[] joined = registers;
        for (int i = 0; i < joined.length; i++) {
            if (registers[i] == other.registers[i]) {
                continue;
            }
            Thresholds thresholds = widening == null ? null : widening.register(i);
            Value value = Values.join(registers[i], other.registers[i], relations, thresholds);
            if (value != registers[i]) {
                joined = joined == registers ? registers.clone() : joined;
                joined[i] = value;
            }
        }
        Value[][] joinedSaved = joinSaved(other, relations, widening == null ? null : widening.saved());
        StackFrame[] joinedFrames = frames;
        for (int i = 0; i < frames.length; i++) {
            StackFrame frame = frames[i].join(other.frames[i], relations, widening);
            if (frame != frames[i]) {
                joinedFrames = joinedFrames == frames ? frames.clone() : joinedFrames;
                joinedFrames[i] = frame;
            }
        }
        References joinedReferences = references.join(other.references, relations);
        boolean same = joined == registers
                && joinedSaved == saved
                && joinedFrames == frames
                && joinedReferences.equals(references);
        if (same) {
            return this;
        }
        EbpfState union = new EbpfState(joined, joinedFrames, joinedSaved, joinedReferences, relations.greatest());
        union.measure(this);
        return union;
    }

    /** The saved registers of the join; the array itself where nothing changes. */
    private Value[][] joinSaved(EbpfState other, RelationJoin relations, @Nullable Thresholds thresholds) {
        if (saved == other.saved) {
            return saved;
        }
        Value[][] joined = saved;
        for (int i = 0; i < saved.length; i++) {
            for (int k = 0; k < SAVED; k++) {
                Value value = Values.join(saved[i][k], other.saved[i][k], relations, thresholds);
                if (value != saved[i][k]) {
                    joined = withSaved(joined, i, k, value);
                }
            }
        }
        return joined;
    }

    /** {@link #distance} of states in which a register is of different kinds; more than all ranges that can differ. */
    static final int OTHER_SHAPE = 1000;

    /** How much a join of the two states would lose, roughly: registers and stack slots that differ, kinds before ranges. */
    int distance(EbpfState other) {
        int distance = references.sameSites(other.references) ? 0 : OTHER_SHAPE;
        for (int i = 0; i < registers.length; i++) {
            distance += Values.distance(registers[i], other.registers[i]);
        }
        for (int i = 0; i < frames.length; i++) {
            distance += frames[i].distance(other.frames[i]);
        }
        return distance;
    }

    /** This state with every value given up that is not as it was in {@code previous}: numbers become any number. */
    EbpfState forgetting(EbpfState previous) {
        Value[] kept = new Value[registers.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = Values.forget(previous.registers[i], registers[i]);
        }
        Value[][] keptSaved = new Value[saved.length][SAVED];
        for (int i = 0; i < saved.length; i++) {
            for (int k = 0; k < SAVED; k++) {
                keptSaved[i][k] = Values.forget(previous.saved[i][k], saved[i][k]);
            }
        }
        StackFrame[] keptFrames = new StackFrame[frames.length];
        for (int i = 0; i < frames.length; i++) {
            keptFrames[i] = frames[i].forgetting(previous.frames[i]);
        }
        EbpfState forgotten = new EbpfState(kept, keptFrames, keptSaved, references.forgetting(), 0);
        forgotten.measure(this);
        return forgotten;
    }

    /** What is known, as text: registers, and of the frame that runs the stored values, by their offset from r10. */
    public Map<String, String> places() {
        Map<String, String> places = new LinkedHashMap<>();
        for (int i = 0; i < registers.length; i++) {
            if (!(registers[i] instanceof Uninitialised)) {
                places.put("r" + i, registers[i].toString());
            }
        }
        StackFrame frame = frames[depth()];
        for (int slot = 0; slot < StackFrame.SLOTS; slot++) {
            frame.slot(slot).describe(slot * StackSlot.BYTES - Region.Stack.SIZE, places);
        }
        return places;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < registers.length; i++) {
            if (!(registers[i] instanceof Uninitialised)) {
                text.append(text.isEmpty() ? "" : "; ")
                        .append('r')
                        .append(i)
                        .append(" = ")
                        .append(registers[i]);
            }
        }
        return text.toString();
    }
}
