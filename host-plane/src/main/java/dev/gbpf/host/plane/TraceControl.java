package dev.gbpf.host.plane;

import dev.gbpf.abi.WellKnownMap;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.host.observe.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has the well-known map OBS_CTRL of the policy that decides say what is traced. */
final class TraceControl {
    private static final int ONE_OF = WellKnownMap.OBS_CTRL.value().offsetOf("trace_one_of");
    private static final int TRACED = WellKnownMap.OBS_CTRL.value().offsetOf("traced");

    private final Observation observation;

    TraceControl(Observation observation) {
        this.observation = observation;
    }

    /** The map of an image that is for it, or null. */
    static @Nullable BpfMap of(@Nullable PolicyImage image) {
        for (BpfMap map : image == null ? List.<BpfMap>of() : image.maps()) {
            if (map.name().equals(WellKnownMap.OBS_CTRL.name())) {
                return map;
            }
        }
        return null;
    }

    /**
     * Looks what is wanted, and says how much there is; between two decisions.
     *
     * @param map of the policy that decides, or null when it has none
     */
    void apply(@Nullable BpfMap map) {
        if (map == null) {
            observation.traceForPolicy(Observation.NOT_SAID);
            return;
        }
        long entry = map.slotValue(0);
        long oneOf = NativeMemory.getLong(entry + ONE_OF);
        // Beyond 2^31 the number is too large to come to the second one.
        observation.traceForPolicy(oneOf < 0 ? Integer.MAX_VALUE : (int) Math.min(oneOf, Integer.MAX_VALUE));
        NativeMemory.putLong(entry + TRACED, observation.trace().written());
    }
}
