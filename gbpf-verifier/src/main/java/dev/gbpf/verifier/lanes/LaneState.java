package dev.gbpf.verifier.lanes;

import dev.gbpf.isa.Register;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which registers and bytes of the stack may differ between the lanes that are at one point together, and why: null for what
 * is the same in all of them. A place keeps the first cause that is found, so that an analysis which only adds ends.
 */
final class LaneState {
    /** The stack is told apart in pieces of this many bytes. */
    private static final int GRANULE = 4;

    private static final int GRANULES = 512 / GRANULE;
    private static final int FIRST_SAVED = 6;
    private static final int SAVED = 4;
    /** What a state takes without its frames, and a frame with what its caller saved. */
    private static final int BYTES = 160;

    private static final int BYTES_PER_FRAME = 8 * GRANULES + 80;

    private final @Nullable Cause[] registers;
    private final List<@Nullable Cause[]> frames;
    private final List<@Nullable Cause[]> saved;

    private LaneState(@Nullable Cause[] registers, List<@Nullable Cause[]> frames, List<@Nullable Cause[]> saved) {
        this.registers = registers;
        this.frames = frames;
        this.saved = saved;
    }

    /** Where nothing differs, with so many frames below the one that runs. */
    static LaneState atDepth(int depth) {
        LaneState state = new LaneState(new @Nullable Cause[Register.COUNT], new ArrayList<>(), new ArrayList<>());
        state.frames.add(new @Nullable Cause[GRANULES]);
        for (int i = 0; i < depth; i++) {
            state.push();
        }
        return state;
    }

    LaneState copy() {
        return new LaneState(registers.clone(), cloned(frames), cloned(saved));
    }

    private static List<@Nullable Cause[]> cloned(List<@Nullable Cause[]> arrays) {
        List<@Nullable Cause[]> copies = new ArrayList<>();
        for (@Nullable Cause[] array : arrays) {
            copies.add(array.clone());
        }
        return copies;
    }

    /** Its memory, about. */
    int bytes() {
        return BYTES + frames.size() * BYTES_PER_FRAME;
    }

    @Nullable
    Cause get(Register register) {
        return registers[register.number()];
    }

    void set(Register register, @Nullable Cause cause) {
        registers[register.number()] = cause;
    }

    /** Why some of these bytes may differ. */
    @Nullable
    Cause read(Reached.Stack bytes) {
        @Nullable Cause[] frame = frames.get(bytes.frame());
        for (int i = bytes.position() / GRANULE; i <= last(bytes); i++) {
            if (frame[i] != null) {
                return frame[i];
            }
        }
        return null;
    }

    /**
     * Stores to bytes of the stack.
     *
     * @param replaces whether each of the bytes is written in every execution; else they may also stay as they are
     */
    void write(Reached.Stack bytes, @Nullable Cause cause, boolean replaces) {
        @Nullable Cause[] frame = frames.get(bytes.frame());
        for (int i = bytes.position() / GRANULE; i <= last(bytes); i++) {
            boolean whole = bytes.position() <= i * GRANULE && (i + 1) * GRANULE <= bytes.position() + bytes.size();
            if (replaces && whole) {
                frame[i] = cause;
            } else if (frame[i] == null) {
                frame[i] = cause;
            }
        }
    }

    private static int last(Reached.Stack bytes) {
        return (bytes.position() + bytes.size() - 1) / GRANULE;
    }

    void clobberArguments() {
        Arrays.fill(registers, 1, FIRST_SAVED, null);
    }

    /** Enters a function. */
    void push() {
        saved.add(Arrays.copyOfRange(registers, FIRST_SAVED, FIRST_SAVED + SAVED));
        Arrays.fill(registers, FIRST_SAVED, FIRST_SAVED + SAVED, null);
        registers[0] = null;
        frames.add(new @Nullable Cause[GRANULES]);
    }

    /** Leaves a function; r0 is its result. */
    void pop() {
        System.arraycopy(saved.removeLast(), 0, registers, FIRST_SAVED, SAVED);
        clobberArguments();
        frames.removeLast();
    }

    /** Lets differ what differs in the other state, at the same point; whether that changed anything. */
    boolean add(LaneState other) {
        boolean changed = add(registers, other.registers);
        for (int i = 0; i < frames.size(); i++) {
            changed |= add(frames.get(i), other.frames.get(i));
        }
        for (int i = 0; i < saved.size(); i++) {
            changed |= add(saved.get(i), other.saved.get(i));
        }
        return changed;
    }

    private static boolean add(@Nullable Cause[] to, @Nullable Cause[] from) {
        boolean changed = false;
        for (int i = 0; i < to.length; i++) {
            if (to[i] == null && from[i] != null) {
                to[i] = from[i];
                changed = true;
            }
        }
        return changed;
    }
}
