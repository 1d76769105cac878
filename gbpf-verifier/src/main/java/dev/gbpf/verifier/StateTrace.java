package dev.gbpf.verifier;

import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.cfg.CallContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the verifier knew before each instruction of one program, as text, for people who want to see why. Of an
 * instruction that is reached in several ways the first {@value #MAX_STATES} different states are kept. Not thread-safe.
 */
public final class StateTrace {
    private static final int MAX_STATES = 16;

    private final Map<Integer, List<Map<String, String>>> states = new TreeMap<>();

    /** The states of an analysis; none of one that did not get that far. */
    public StateTrace(@Nullable AnalysisStates found) {
        if (found != null) {
            found.observe(this::add);
        }
    }

    private void add(CallContext context, int index, EbpfState state) {
        List<Map<String, String>> known = states.computeIfAbsent(index, i -> new ArrayList<>());
        Map<String, String> places = state.places();
        if (known.size() < MAX_STATES && !known.contains(places)) {
            known.add(places);
        }
    }

    /**
     * What was known before an instruction: one map of places (registers such as {@code r3}, and {@code stack[-8]} for the frame that
     * runs) to values per state. Each execution that gets there is in one of them; none when no execution gets there.
     *
     * @param index of the instruction in the program
     */
    public List<Map<String, String>> before(int index) {
        return List.copyOf(states.getOrDefault(index, List.of()));
    }
}
