package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Register;
import dev.gbpf.verifier.cfg.CallContext;
import dev.gbpf.verifier.testkit.MachineMemory;
import dev.gbpf.verifier.testkit.MachineState;
import dev.gbpf.verifier.testkit.MachineValue;
import dev.gbpf.verifier.testkit.MachineValue.MapRef;
import dev.gbpf.verifier.testkit.MachineValue.Num;
import dev.gbpf.verifier.testkit.MachineValue.Ptr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the states that an analysis found, and says of concrete states whether they are in them: each execution must be in one of
 * those of its point, with every value, every stored value and every relation.
 */
public final class StateOracle {
    private record Point(CallContext context, int index) {}

    /** Where something does not hold. Only a failure needs it as text: all places of all steps are looked at. */
    private record Position(String kind, int number, String where, int index) {
        @Override
        public String toString() {
            return kind + number + where + " at index " + index;
        }
    }

    private final Map<Point, List<EbpfState>> found = new HashMap<>();

    /** The states of an analysis. */
    public StateOracle(AnalysisStates states) {
        states.observe(
                (context, index, state) -> found.computeIfAbsent(new Point(context, index), p -> new ArrayList<>())
                        .add(state.copy()));
    }

    /**
     * Compares a concrete state before an instruction with those that were found there.
     *
     * @throws AssertionError when it is in none of them; the message says of the last one why not
     */
    public void check(CallContext context, int index, MachineState machine) {
        AssertionError last = null;
        for (EbpfState state : found.getOrDefault(new Point(context, index), List.of())) {
            try {
                checkState(state, machine, index);
                return;
            } catch (AssertionError e) {
                last = e;
            }
        }
        throw last != null ? last : new AssertionError("index " + index + " is reached, but was found unreachable");
    }

    private static void checkState(EbpfState state, MachineState machine, int index) {
        if (state.depth() != machine.depth()) {
            throw new AssertionError("depth " + machine.depth() + " at index " + index);
        }
        for (MachineMemory record : machine.held()) {
            if (!state.references().contains(record.number())) {
                throw new AssertionError("the record of " + record.number() + " is not known at index " + index);
            }
        }
        Relations relations = new Relations();
        for (int r = 0; r < Register.COUNT; r++) {
            checkValue(new Position("r", r, "", index), state.get(Register.of(r)), machine.register(r), relations);
        }
        for (int frame = 0; frame <= machine.depth(); frame++) {
            StackFrame abstractFrame = state.frame(frame);
            MachineMemory memory = machine.frame(frame);
            for (int slot = 0; slot < StackFrame.SLOTS; slot++) {
                StackSlot found = abstractFrame.slot(slot);
                if (found != StackSlot.EMPTY) {
                    Position place = new Position("slot ", slot, frame == 0 ? "" : " of frame " + frame, index);
                    checkSlot(place, found, memory, slot * StackSlot.BYTES, relations);
                }
            }
        }
    }

    private static void checkSlot(Position place, StackSlot slot, MachineMemory memory, int base, Relations relations) {
        for (int i = 0; i < StackSlot.BYTES; i++) {
            if (slot.isReadable(i, 1) && !memory.readable(base + i, 1)) {
                throw new AssertionError(place + ": byte " + i + " is not written, state " + slot);
            }
        }
        for (StackSlot.Cell cell : slot.cells()) {
            MachineValue value = memory.pointer(base);
            if (value == null && memory.readable(base + cell.at(), cell.width())) {
                value = new Num(memory.load(base + cell.at(), cell.width()));
            }
            checkValue(place, cell.value(), value, relations);
        }
    }

    private static void checkValue(Position place, Value found, @Nullable MachineValue actual, Relations relations) {
        boolean holds = switch (found) {
            case Value.Uninitialised u -> true;
            case Value.Mixed m -> actual != null;
            case Value.Numeric n -> actual instanceof Num a && n.scalar().contains(a.value());
            case Value.MapReference m -> actual instanceof MapRef a && a.map() == m.map();
            case Value.Pointer p -> pointsAsFound(p, actual);
        };
        if (!holds) {
            throw new AssertionError(place + ": " + actual + " is not " + found);
        }
        switch (found) {
            case Value.Numeric n
            when n.symbol() != 0 && actual instanceof Num a ->
                relations.number(place, n.symbol(), a.value() - n.delta());
            case Value.Pointer p -> {
                if (p.identity() != 0 && p.maybeNull() && actual != null) {
                    relations.equal(place, p.identity(), actual);
                }
                if (p.symbol() != 0 && actual instanceof Ptr a) {
                    relations.number(place, p.symbol(), a.offset() - p.delta());
                }
            }
            default -> {}
        }
    }

    private static boolean pointsAsFound(Value.Pointer p, @Nullable MachineValue actual) {
        if (actual instanceof Num n) {
            return p.maybeNull() && n.value() == 0;
        }
        if (!(actual instanceof Ptr a) || !p.offset().contains(a.offset())) {
            return false;
        }
        return switch (p.region()) {
            case Region.Context c -> a.memory().kind() == MachineMemory.Kind.CONTEXT;
            case Region.Stack s ->
                a.memory().kind() == MachineMemory.Kind.STACK && a.memory().number() == s.frame();
            case Region.MapValue v ->
                a.memory().kind() == MachineMemory.Kind.VALUE && a.memory().number() == v.map();
            case Region.ReservedRecord r ->
                a.memory().kind() == MachineMemory.Kind.RECORD
                        && a.memory().number() == r.site()
                        && a.memory().size() == r.size();
            case Region.RawMemory m -> false;
        };
    }

    /** What symbols and identities of one state stand for in one execution. */
    private static final class Relations {
        private final Map<Integer, MachineValue> identities = new HashMap<>();
        private final Map<Integer, Long> symbols = new HashMap<>();

        void equal(Position place, int identity, MachineValue actual) {
            MachineValue other = identities.putIfAbsent(identity, actual);
            if (other != null && !other.equals(actual)) {
                throw new AssertionError(place + ": " + actual + " is not the same as " + other + ", as found");
            }
        }

        void number(Position place, int symbol, long actual) {
            Long other = symbols.putIfAbsent(symbol, actual);
            if (other != null && other != actual) {
                throw new AssertionError(place + ": the symbol is " + actual + " here and " + other + " elsewhere");
            }
        }
    }
}
