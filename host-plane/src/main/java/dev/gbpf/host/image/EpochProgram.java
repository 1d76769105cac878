package dev.gbpf.host.image;

import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.Epochs;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.ProgramTier;

/**
 * A program whose runs keep what it finds in maps: what others delete meanwhile is not used again before the run has ended. Only
 * hashes use places again, so programs of policies without any do without: a run's fenced store costs more than a short policy.
 *
 * @param program the program
 * @param epochs of the plane
 * @param cpu the decision thread that runs it
 */
record EpochProgram(ExecutableProgram program, Epochs epochs, int cpu) implements ExecutableProgram {
    @Override
    public long run(long context, PlaneServices services) {
        epochs.enter(cpu);
        try {
            return program.run(context, services);
        } finally {
            epochs.leave(cpu);
        }
    }

    @Override
    public ProgramTier tier() {
        return program.tier();
    }
}
