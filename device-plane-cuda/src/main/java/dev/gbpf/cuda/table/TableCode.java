package dev.gbpf.cuda.table;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.Plane;
import dev.gbpf.cuda.ptx.PtxMap;
import dev.gbpf.cuda.ptx.PtxModule;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The programs of a table as PTX, for its maps where they are: good for this table, and for one that is published in its place.
 *
 * @param epoch of the table
 * @param policy its name
 * @param ptx the module, whose functions are in the order of the hooks' numbers
 */
public record TableCode(long epoch, String policy, PtxModule ptx) {
    private static final List<Hook> HOOKS = Arrays.stream(Hook.values())
            .filter(hook -> hook.plane() == Plane.DEVICE)
            .sorted(Comparator.comparingInt(Hook::id))
            .toList();

    /**
     * Compiles a policy.
     *
     * @param maps those that its programs use, by index
     * @throws IllegalArgumentException when the device cannot have the code
     */
    static TableCode of(long epoch, DevicePolicy policy, SortedMap<Integer, DeviceMap> maps) {
        maps.values().stream()
                .filter(map -> map.definition().kind() == MapKind.SNAPSHOT)
                .findFirst()
                .ifPresent(map -> {
                    throw new IllegalArgumentException("policy " + policy.name()
                            + ": code has the places of maps in it, and those of the snapshot "
                            + map.definition().name() + " change; it stays in the interpreter");
                });
        SortedMap<Integer, PtxMap> places = new TreeMap<>();
        maps.forEach((index, map) -> places.put(
                index,
                PtxMap.of(
                        map.definition(),
                        Long.toString(map.address()),
                        map instanceof DeviceArray array
                                        && array.definition().kind().isPerBlock()
                                ? array.rowBytes()
                                : 0)));
        PtxModule ptx = new PtxModule();
        for (Hook hook : HOOKS) {
            policy.program(hook)
                    .ifPresentOrElse(p -> ptx.add("gbpf_code_" + hook.symbol(), p.program(), places), ptx::skip);
        }
        if (ptx.stackBytes() > TableLayout.CODE_STACK_BYTES) {
            throw new IllegalArgumentException("policy " + policy.name() + ": its code may take " + ptx.stackBytes()
                    + " bytes of a thread's stack, and has " + TableLayout.CODE_STACK_BYTES);
        }
        return new TableCode(epoch, policy.name(), ptx);
    }
}
