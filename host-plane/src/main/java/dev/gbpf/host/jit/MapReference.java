package dev.gbpf.host.jit;

import dev.gbpf.host.map.ArrayMap;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.CountersMap;
import dev.gbpf.host.map.HashTableMap;
import dev.gbpf.host.map.SnapshotMap;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.object.MapDefinition;
import java.util.BitSet;
import java.util.Optional;

/** Which map a register holds at a call. */
final class MapReference {
    /** How far back the load of the map is looked for. */
    private static final int MOST_STEPS = 64;

    private MapReference() {}

    /**
     * The index of the map in {@code r1} at a call, or -1 when it was not loaded on the way that all runs come; then the call
     * looks at the register.
     *
     * @param joins positions that jumps lead to
     */
    static int at(ProgramFunction function, int call, BitSet joins) {
        Register wanted = Register.R1;
        int p = call;
        for (int steps = 0; steps < MOST_STEPS && p > 0 && !joins.get(p) && function.fallsThrough(p - 1); steps++) {
            p--;
            Instruction instruction = function.get(p);
            if (instruction instanceof Instruction.LoadPseudo load && load.dst() == wanted) {
                boolean isMap = load.kind() == PseudoKind.MAP_BY_FD || load.kind() == PseudoKind.MAP_BY_INDEX;
                return isMap ? load.imm() : -1;
            }
            if (instruction instanceof Instruction.Mov mov && mov.dst() == wanted) {
                if (!mov.is64() || mov.signBits() != 0 || !(mov.src() instanceof Register source)) {
                    return -1;
                }
                wanted = source;
            } else if ((RegisterUse.writes(instruction) & 1 << wanted.number()) != 0) {
                return -1;
            }
        }
        return -1;
    }

    /**
     * The class that calls on a map are linked to. Calls on maps of other kinds go by the dispatcher. This is the one place that
     * knows which kinds are which.
     */
    static Optional<Class<? extends BpfMap>> type(MapDefinition map) {
        return switch (map.kind()) {
            case ARRAY -> Optional.of(ArrayMap.class);
            case SNAPSHOT -> Optional.of(SnapshotMap.class);
            case COUNTERS -> Optional.of(CountersMap.class);
            case HASH -> Optional.of(HashTableMap.class);
            default -> Optional.empty();
        };
    }

    /** Whether the generated class keeps the address of a map's first value, from which those of all others follow. */
    static boolean hasBase(MapDefinition map) {
        return map.kind().isIndexed() && !map.kind().isPerCpu();
    }
}
