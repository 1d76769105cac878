package dev.gbpf.cuda.table;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.isa.Program;

/**
 * A verified program of a device hook.
 *
 * @param hook a device hook
 * @param program its instructions
 * @param jumps how many jumps a run may take, 1 to 2^31-1: at least what its certificate says that it takes
 */
public record DeviceProgram(Hook hook, Program program, int jumps) {
    public DeviceProgram {
        if (hook.plane() != Plane.DEVICE) {
            throw new IllegalArgumentException("hook=" + hook.symbol() + " is not a device hook");
        }
        if (jumps < 1) {
            throw new IllegalArgumentException("jumps=" + jumps + ": must be at least 1");
        }
    }
}
