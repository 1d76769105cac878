package dev.gbpf.verifier.precision;

import dev.gbpf.isa.Program;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Programs of the kinds that the Linux kernel's own verifier tests are about, each kind with the parameters that lie on either
 * side of what is safe. They use no context, so that Linux can be asked about them as socket filters.
 */
final class KernelStylePrograms {
    private KernelStylePrograms() {}

    /** The programs of all families by name, in a fixed order. */
    static Map<String, Program> all() {
        Map<String, Program> all = new LinkedHashMap<>();
        List<ProgramFamily> families = List.of(
                new BoundsPrograms(),
                new NumberPrograms(),
                new StackPrograms(),
                new PointerPrograms(),
                new ControlPrograms(),
                new LoopPrograms());
        for (ProgramFamily family : families) {
            family.programs().forEach((name, program) -> {
                if (all.put(name, program) != null) {
                    throw new IllegalStateException("two families have a program that is named " + name);
                }
            });
        }
        return all;
    }
}
