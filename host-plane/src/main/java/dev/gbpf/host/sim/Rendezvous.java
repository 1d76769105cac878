package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Collective;
import java.util.ArrayList;
import java.util.List;

/** The ranks of a collective operation that run and wait for the others. */
final class Rendezvous {
    final Collective operation;
    final List<DeviceExecution> waiting = new ArrayList<>();
    /** Whether its ranks have waited for too long: those that still come fail at once. */
    boolean failed;

    private Rendezvous(Collective operation) {
        this.operation = operation;
    }

    static Rendezvous of(Collective operation) {
        if (operation.deviceState() instanceof Rendezvous known) {
            return known;
        }
        Rendezvous made = new Rendezvous(operation);
        operation.deviceState(made);
        return made;
    }
}
