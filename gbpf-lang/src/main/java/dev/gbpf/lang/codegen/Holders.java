package dev.gbpf.lang.codegen;

import dev.gbpf.lang.codegen.ValueNumbering.Reuse;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds registers that hold a value, among those that may be read for it. */
final class Holders {
    /** Registers that are remembered to have held a value. */
    private static final int MOST = 16;

    private final Reuse reuse;
    /** Registers that held a value at some time, in order; whether they still do, the state says. */
    private final Map<Integer, IntList> registers = new HashMap<>();

    private @Nullable LaterUses laterUses;
    private int line;

    Holders(Reuse reuse) {
        this.reuse = reuse;
    }

    void enterBlock(LaterUses uses) {
        laterUses = uses;
    }

    void enterLine(int number) {
        line = number;
    }

    void note(int register, int value) {
        IntList list = registers.computeIfAbsent(value, _ -> new IntList());
        if (list.size() < MOST) {
            list.add(register);
        }
    }

    /** A register that holds a value now, or {@link LowInstruction#NONE}. */
    int holder(ValueState state, int value) {
        IntList list = registers.get(value);
        for (int i = 0; list != null && i < list.size(); i++) {
            int register = list.get(i);
            if (state.holds(register, value) && mayBeRead(state, register)) {
                return register;
            }
        }
        return LowInstruction.NONE;
    }

    private boolean mayBeRead(ValueState state, int register) {
        return switch (reuse) {
            case LIVE ->
                register >= LowInstruction.FIRST_VIRTUAL && (state.isRecent(register) || isNeededLater(register));
            case VIRTUAL -> register >= LowInstruction.FIRST_VIRTUAL;
            case ALL -> register != LowInstruction.FRAME;
        };
    }

    private boolean isNeededLater(int register) {
        return laterUses != null && laterUses.isNeededAfter(line, register);
    }

    /** The register to read instead: the first that held the same, so that a copy of it is not needed. */
    int oldest(ValueState state, int register) {
        // While registers are to be allocated, copies are merged with their origins there.
        int holder = reuse == Reuse.ALL ? holder(state, state.value(register)) : LowInstruction.NONE;
        return holder == LowInstruction.NONE ? register : holder;
    }
}
