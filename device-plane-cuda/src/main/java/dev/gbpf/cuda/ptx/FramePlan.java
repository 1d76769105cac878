package dev.gbpf.cuda.ptx;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the bytes of a function's frame live. A part that is always written whole at one place, and whose address nobody gets, is a slot:
 * a register of the machine. The rest is memory of the thread.
 */
final class FramePlan {
    static final FramePlan NONE = new FramePlan(List.of(), 0, false);

    private static final int FRAME_BYTES = 512;
    private static final int ALIGNMENT = 16;

    private final List<Slot> slots;
    private final int bytes;
    private final boolean isGivenAway;

    /** Bytes from {@code offset}, counted from the frame's top, that one register holds, zero-extended. */
    record Slot(int offset, Width width) {}

    private FramePlan(List<Slot> slots, int bytes, boolean isGivenAway) {
        this.slots = slots;
        this.bytes = bytes;
        this.isGivenAway = isGivenAway;
    }

    /** How many slots there are. */
    int slots() {
        return slots.size();
    }

    Slot slot(int number) {
        return slots.get(number);
    }

    /** The slot that is at {@code base + offset}; -1 when none is. */
    int slotAt(Fact base, long offset) {
        if (base.isFrameSlot()) {
            for (int i = 0; i < slots.size(); i++) {
                if (slots.get(i).offset == base.offset() + offset) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Bytes of memory below the frame's top, a multiple of 16. */
    int bytes() {
        return bytes;
    }

    /** Whether addresses in the frame are values that something uses. */
    boolean isGivenAway() {
        return isGivenAway;
    }

    /**
     * Plans a frame.
     *
     * @param facts of the function, found without slots
     * @param maps what is known of maps, by index
     */
    static FramePlan of(Program program, FunctionBody body, FactAnalysis facts, PtxMaps maps) {
        Accesses accesses = new Accesses(maps);
        for (int i = body.reached().nextSetBit(0); i >= 0; i = body.reached().nextSetBit(i + 1)) {
            accesses.look(program.get(i), facts.before(i));
        }
        return accesses.plan();
    }

    /** Bytes of the accesses at one place. */
    private record Widths(int widest, int narrowestWrite) {
        Widths with(Widths other) {
            return new Widths(Math.max(widest, other.widest), Math.min(narrowestWrite, other.narrowestWrite));
        }
    }

    /** What a function does with its frame. */
    private static final class Accesses {
        private final PtxMaps maps;
        /** By offset. */
        private final TreeMap<Integer, Widths> widths = new TreeMap<>();

        private boolean givenAway;

        Accesses(PtxMaps maps) {
            this.maps = maps;
        }

        void look(Instruction instruction, FactState facts) {
            switch (instruction) {
                case Instruction.Load load ->
                    access(facts, load.base(), load.offset(), load.width().bytes(), false);
                case Instruction.Store store -> {
                    access(facts, store.base(), store.offset(), store.width().bytes(), true);
                    if (store.src() instanceof Register value) {
                        give(facts, value);
                    }
                }
                case Instruction.Atomic atomic -> {
                    access(facts, atomic.base(), atomic.offset(), atomic.is64() ? 8 : 4, true);
                    give(facts, atomic.src());
                }
                case Instruction.CallHelper call -> helper(call.id(), facts);
                case Instruction.CallLocal _ -> {
                    for (int r = Register.R1.number(); r < Register.R6.number(); r++) {
                        give(facts, Register.of(r));
                    }
                }
                default -> {}
            }
        }

        private void helper(int id, FactState facts) {
            boolean takesKey = id == Helper.MAP_LOOKUP_ELEM.id()
                    || id == Helper.MAP_UPDATE_ELEM.id()
                    || id == Helper.MAP_DELETE_ELEM.id();
            if (takesKey && maps.mayBeHash(facts.get(Register.R1))) {
                give(facts, Register.R2);
                give(facts, Register.R3); // no frame's address when it is not the value's
            }
            if (id == Helper.MAP_LOOKUP_ELEM.id() || id == Helper.MAP_UPDATE_ELEM.id()) {
                access(facts, Register.R2, 0, PtxMaps.KEY_BYTES, false);
            }
            if (id == Helper.MAP_UPDATE_ELEM.id()) {
                Fact map = facts.get(Register.R1);
                int size = map.base() == Fact.Base.HANDLE ? maps.get(map.map()).valueSize() : 0;
                if (size == 1 || size == 2 || size == 4 || size == 8) {
                    access(facts, Register.R3, 0, size, false);
                } else {
                    give(facts, Register.R3);
                }
            }
        }

        private void give(FactState facts, Register register) {
            givenAway |= facts.get(register).mayBeFrame();
        }

        private void access(FactState facts, Register base, int offset, int bytes, boolean isWrite) {
            Fact fact = facts.get(base);
            if (!fact.mayBeFrame()) {
                return;
            }
            long at = fact.offset() + offset;
            if (!fact.isExact() || at < -FRAME_BYTES || at + bytes > 0) {
                givenAway = true;
                return;
            }
            widths.merge((int) at, new Widths(bytes, isWrite ? bytes : Integer.MAX_VALUE), Widths::with);
        }

        FramePlan plan() {
            if (givenAway) {
                return new FramePlan(List.of(), FRAME_BYTES, true);
            }
            List<Slot> slots = new ArrayList<>();
            int lowest = 0;
            int end = Integer.MIN_VALUE; // of what lies below
            for (Map.Entry<Integer, Widths> place : widths.entrySet()) {
                int offset = place.getKey();
                int widest = place.getValue().widest;
                Integer above = widths.higherKey(offset);
                boolean alone = offset >= end && (above == null || above >= offset + widest);
                end = Math.max(end, offset + widest);
                if (alone && place.getValue().narrowestWrite >= widest) {
                    slots.add(new Slot(offset, Width.ofBytes(widest)));
                } else {
                    lowest = Math.min(lowest, offset);
                }
            }
            return new FramePlan(slots, (-lowest + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, false);
        }
    }
}
