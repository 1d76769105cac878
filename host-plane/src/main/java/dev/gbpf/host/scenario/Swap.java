package dev.gbpf.host.scenario;

import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;

/** Something that is done about the policy while the run goes on. */
public sealed interface Swap {
    /** When, ns; after the start and before the end of the run. */
    long atNs();

    /**
     * Another policy comes in.
     *
     * @param to which one
     * @param mode how
     * @param dropMaps whether contents of maps may be lost
     */
    record To(long atNs, PolicyRef to, SwapMode mode, boolean dropMaps) implements Swap {}

    /** An operator's word about policies that are there. */
    record Order(long atNs, SwapCommand command) implements Swap {}
}
