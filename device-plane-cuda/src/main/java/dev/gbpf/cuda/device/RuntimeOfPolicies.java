package dev.gbpf.cuda.device;

import dev.gbpf.cuda.build.NativeBuildException;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.CudaException;
import dev.gbpf.cuda.driver.CudaUnavailableException;
import dev.gbpf.cuda.plane.Backend;
import dev.gbpf.cuda.plane.CpuBackend;
import dev.gbpf.cuda.plane.DeviceRuntime;
import dev.gbpf.cuda.plane.GpuBackend;
import dev.gbpf.cuda.plane.PlaneParams;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.cuda.table.PolicyFault;
import dev.gbpf.cuda.table.PolicyTables;
import dev.gbpf.cuda.table.SwapTimeoutException;
import dev.gbpf.cuda.table.Tier;
import dev.gbpf.host.device.PolicyRuntime;
import dev.gbpf.host.image.PolicyImage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A plane without task functions, for a host that only wants its policies to decide there: on the CPU build or on the first GPU. */
final class RuntimeOfPolicies implements PolicyRuntime {
    /** The words of devices. */
    static final String CPU = "cpu";

    static final String GPU = "gpu";

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** The next launch follows: only who dies leaves a kernel behind, for so long. */
    private static final Duration LAUNCH = Duration.ofSeconds(60);
    /** Threads of a daemon, which has better things to do, tick more rarely than a GPU. */
    private static final Duration CPU_TICK = Duration.ofMillis(1);

    private static final int LEAST_WARPS = 4;

    private final DeviceRuntime runtime;

    private RuntimeOfPolicies(DeviceRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Opens and starts it.
     *
     * @throws PolicyRuntimeException when it cannot be
     */
    static RuntimeOfPolicies open(String device, int tenants) {
        try {
            boolean cpu = device.equals(CPU);
            Backend backend = cpu
                    ? CpuBackend.open(List.of(), List.of())
                    : GpuBackend.open(CudaDriver.open(), 0, List.of(), List.of());
            PlaneParams.Builder params = PlaneParams.builder(backend).tenants(Math.max(1, tenants));
            if (cpu) {
                params.workers(1).warps(LEAST_WARPS).tick(CPU_TICK);
            }
            DeviceRuntime runtime = DeviceRuntime.open(backend, params.build());
            try {
                runtime.start(LAUNCH);
                return new RuntimeOfPolicies(runtime);
            } catch (RuntimeException | Error e) {
                runtime.close();
                throw e;
            }
        } catch (CudaUnavailableException e) {
            throw new PolicyRuntimeException(String.valueOf(e.getMessage()), e.remedy(), e);
        } catch (CudaException e) {
            throw new PolicyRuntimeException(String.valueOf(e.getMessage()), e.remedy(), e);
        } catch (NativeBuildException | IllegalStateException | IllegalArgumentException e) {
            throw new PolicyRuntimeException(String.valueOf(e.getMessage()), "see gbpf doctor", e);
        }
    }

    @Override
    public String name() {
        return runtime.backendName();
    }

    @Override
    public void publish(@Nullable PolicyImage image) {
        try {
            runtime.policies().publish(image == null ? DevicePolicy.FAIR : DevicePolicy.of(image), PATIENCE);
        } catch (IllegalArgumentException | IllegalStateException | SwapTimeoutException e) {
            throw new PolicyRuntimeException(String.valueOf(e.getMessage()), "", e);
        }
    }

    @Override
    public boolean awaitAcknowledged(Duration patience) {
        return runtime.policies().awaitSettled(patience);
    }

    @Override
    public void refresh() {
        try {
            runtime.checkAlive();
            runtime.policies().refresh();
        } catch (IllegalStateException e) {
            throw new PolicyRuntimeException(String.valueOf(e.getMessage()), "", e);
        }
    }

    @Override
    public PolicyRuntimeStatus status() {
        PolicyTables policies = runtime.policies();
        return new PolicyRuntimeStatus(
                name(),
                policies.epoch(),
                policies.adopted(),
                policies.awaitSettled(Duration.ZERO),
                policies.tier() == Tier.COMPILED ? "compiled" : "interpreted",
                fault(policies),
                runtime.heartbeat());
    }

    private static Optional<String> fault(PolicyTables policies) {
        Optional<String> fault = policies.fault().map(PolicyFault::toString);
        // The block that ejected it may be about to say why.
        return fault.isEmpty() && policies.isEjected() ? Optional.of("the policy was ejected by the device") : fault;
    }

    @Override
    public void close() {
        runtime.close();
    }
}
