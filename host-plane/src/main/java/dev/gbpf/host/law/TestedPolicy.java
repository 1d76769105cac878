package dev.gbpf.host.law;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A policy whose laws are to be tried: compiled and verified once, run as often as needed. Immutable.
 *
 * @param object accepted by the verifier
 */
public record TestedPolicy(PolicyObject object) {
    /**
     * Takes a policy that was compiled elsewhere.
     *
     * @throws IllegalArgumentException when the verifier rejects it; the message says why
     */
    public TestedPolicy {
        if (new Verifier().verify(object) instanceof VerificationResult.Rejected rejected) {
            throw refused(object.name() + " is not safe", rejected.diagnostics());
        }
    }

    /**
     * Compiles and verifies a policy.
     *
     * @throws IllegalArgumentException when it does not compile or the verifier rejects it; the message says why
     */
    public static TestedPolicy of(SourceFile source) {
        return switch (PolicyCompiler.compile(source)) {
            case CompileResult.Compiled compiled -> new TestedPolicy(compiled.object());
            case CompileResult.Failed failed ->
                throw refused(source.name() + " does not compile", failed.diagnostics());
        };
    }

    private static IllegalArgumentException refused(String what, List<Diagnostic> diagnostics) {
        return new IllegalArgumentException(what + ": "
                + diagnostics.stream()
                        .map(d -> d.code() + " " + d.message() + (d.label().isEmpty() ? "" : ": " + d.label()))
                        .collect(Collectors.joining("; ")));
    }

    /** Hooks to ask by hand, with maps that start as the policy says and a plane without jobs. */
    public HookSession session() {
        return new HookSession(object);
    }

    /**
     * A simulated device to run it on.
     *
     * @param inflight how many jobs the device takes at once, at least 1
     * @param tenants who submits jobs, by index
     */
    public PolicySimulation simulation(int inflight, List<Tenant> tenants) {
        return new PolicySimulation(object, inflight, tenants);
    }

    /**
     * A simulated device to run it on with clients that hold allocations.
     *
     * @param device its memory and pools
     * @param tenants whose the allocations are, by index
     */
    public MemorySimulation memorySimulation(DeviceModel device, List<Tenant> tenants) {
        return new MemorySimulation(object, device, tenants);
    }
}
