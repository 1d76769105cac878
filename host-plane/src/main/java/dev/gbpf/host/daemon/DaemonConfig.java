package dev.gbpf.host.daemon;

import dev.gbpf.host.authority.AccessRules;
import dev.gbpf.host.authority.TrustPolicy;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.object.PolicyObject;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * How a daemon runs.
 *
 * @param socket where clients find it
 * @param group who may connect besides the owner and root, or null
 * @param state directory of the records, made when it is not there
 * @param device what the plane decides for
 * @param deviceRuntime where the device programs of policies run
 * @param scenario device, tenants and work; an interposed device takes its tenants and its vSlice from it, and no work
 * @param speed device time that passes in a unit of real time
 * @param policy what decides from the start, or null for bypass; it comes from whoever starts the daemon, and needs no signature
 * @param cpu number of the processor that the thread which decides is to have, or {@value #ANY_CPU}
 * @param rehearses whether made-up policies are swapped first, so that the first real swaps take less time
 * @param metricsPort where metrics are served on the loopback interface; 0 for nowhere
 * @param access what the clients may do
 * @param trust whose policies they may bring
 */
public record DaemonConfig(
        Path socket,
        @Nullable GroupPrincipal group,
        Path state,
        DeviceKind device,
        DeviceRuntimeKind deviceRuntime,
        Scenario scenario,
        double speed,
        @Nullable PolicyObject policy,
        int cpu,
        boolean rehearses,
        int metricsPort,
        AccessRules access,
        TrustPolicy trust) {
    /** In place of a processor: the kernel says where the thread runs. */
    public static final int ANY_CPU = -1;
}
