package dev.gbpf.cuda.table;

import dev.gbpf.abi.Hook;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The fault for which a device ejected a policy.
 *
 * @param policy its name
 * @param epoch of the table that brought it
 * @param kind what went wrong
 * @param hook whose program it was; empty when it was the table, or a stall
 * @param pc of the instruction; empty likewise
 * @param tenant whom the program was asked about, or who waits; 0 with {@code therm_tick}
 * @param vslice where
 * @param block the worker block that ran it, or, after the last of those, the control block
 * @param nowNs the device's clock
 * @param registers r0 to r10
 */
public record PolicyFault(
        String policy,
        long epoch,
        FaultKind kind,
        Optional<Hook> hook,
        OptionalInt pc,
        int tenant,
        int vslice,
        int block,
        long nowNs,
        List<Long> registers) {
    public PolicyFault {
        registers = List.copyOf(registers);
    }

    /** In a sentence, with the registers that are not 0. */
    @Override
    public String toString() {
        String where = hook.map(h -> " in " + h.symbol()).orElse("")
                + (pc.isPresent() ? " at pc=" + pc.getAsInt() : "")
                + ", tenant=" + tenant + ", vslice=" + vslice + ", block=" + block;
        String values = IntStream.range(0, registers.size())
                .filter(i -> registers.get(i) != 0)
                .mapToObj(i -> "r" + i + "=0x" + Long.toHexString(registers.get(i)))
                .collect(Collectors.joining(" "));
        return "policy " + policy + " of epoch=" + epoch + " was ejected by the device: "
                + kind.name().toLowerCase(java.util.Locale.ROOT) + where + (values.isEmpty() ? "" : "; " + values);
    }
}
