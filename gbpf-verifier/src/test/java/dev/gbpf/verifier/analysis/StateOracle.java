package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Program;
import dev.gbpf.verifier.cfg.CallContext;
import dev.gbpf.verifier.testkit.MachineState;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the states that an analysis found, and says of concrete states whether they are in them: each execution must be in one of
 * those of its point, with every value, every stored value and every relation. Not thread-safe.
 */
public final class StateOracle {
    private static final StateFacts[] UNREACHABLE = {};
    private static final int NONE = -1;

    private final int size;
    /** The states before each instruction, by the activation of its function. */
    private final Map<CallContext, StateFacts[][]> tables = new HashMap<>();

    private final Relations relations = new Relations();
    private @Nullable CallContext lastContext;
    private StateFacts[][] last = {};

    private int lastIndex;
    /** Which of the states of the last step held, or none when that is not known. */
    private int lastHeld = NONE;

    /** The states of an analysis. */
    public StateOracle(AnalysisStates states) {
        this(states, states::observe);
    }

    /** The states that {@code shown} shows, those of a block in order, as {@link AnalysisStates#observe} does for {@code states}. */
    StateOracle(AnalysisStates states, Consumer<StateObserver> shown) {
        Program program = states.graph().program();
        BitSet firsts = firsts(states);
        this.size = program.size();
        StateFacts.Maker maker = new StateFacts.Maker();
        shown.accept((context, index, state) ->
                add(context, index, maker.next(state, firsts.get(index) ? null : program.get(index - 1))));
    }

    /** The instructions that begin a block. */
    private static BitSet firsts(AnalysisStates states) {
        BitSet firsts = new BitSet();
        for (int i = 0; i < states.order().size(); i++) {
            firsts.set(states.graph().block(states.order().block(i)).first());
        }
        return firsts;
    }

    private void add(CallContext context, int index, StateFacts facts) {
        StateFacts[][] table = tables.computeIfAbsent(context, c -> empty());
        StateFacts[] more = Arrays.copyOf(table[index], table[index].length + 1);
        more[table[index].length] = facts;
        table[index] = more;
    }

    private StateFacts[][] empty() {
        StateFacts[][] table = new StateFacts[size][];
        Arrays.fill(table, UNREACHABLE);
        return table;
    }

    /** Forgets what was looked at last: another run begins. */
    public void start() {
        lastHeld = NONE;
    }

    /**
     * Compares a concrete state before an instruction with those that were found there.
     *
     * @throws AssertionError when it is in none of them; the message says of the last one why not
     */
    @SuppressWarnings("ReferenceEquality") // one activation after the other: most steps stay in one
    public void check(CallContext context, int index, MachineState machine) {
        if (context != lastContext) {
            last = tables.computeIfAbsent(context, c -> empty());
            lastContext = context;
            lastHeld = NONE;
        }
        StateFacts[] states = last[index];
        int held = lastHeld;
        boolean follows = held != NONE && index == lastIndex + 1 && held < states.length;
        lastIndex = index;
        if (follows && states[held].stillHold(machine, relations)) {
            return;
        }
        for (int i = 0; i < states.length; i++) {
            if (states[i].hold(machine, relations)) {
                lastHeld = i;
                return;
            }
        }
        throw new AssertionError(
                states.length == 0
                        ? "index " + index + " is reached, but was found unreachable"
                        : states[states.length - 1].failure(machine) + " at index " + index);
    }
}
