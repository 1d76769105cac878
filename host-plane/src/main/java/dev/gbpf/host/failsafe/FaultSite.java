package dev.gbpf.host.failsafe;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.vm.ExecutionFault;
import java.util.List;

/**
 * Where a program failed.
 *
 * @param hook whose program
 * @param pc slot of the instruction, -1 when the engine does not know it
 * @param registers r0 to r10, empty when the engine does not keep them
 * @param what the failure in words
 */
public record FaultSite(Hook hook, int pc, List<Long> registers, String what) {
    public FaultSite {
        registers = List.copyOf(registers);
    }

    /** What an engine's failure tells. */
    public static FaultSite of(Hook hook, RuntimeException failure) {
        return failure instanceof ExecutionFault fault
                ? new FaultSite(hook, fault.pc(), fault.registers(), failure.toString())
                : new FaultSite(hook, -1, List.of(), failure.toString());
    }
}
