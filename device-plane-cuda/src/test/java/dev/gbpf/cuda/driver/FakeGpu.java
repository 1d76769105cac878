package dev.gbpf.cuda.driver;

import dev.gbpf.cuda.driver.DriverApi.Extent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A GPU that keeps account of what is done with it, for tests of what uses the driver; its kernels are Java. */
public final class FakeGpu {
    private final FakeDriver driver;

    /**
     * A GPU.
     *
     * @param failures numbers of the driver's calls that fail, from 1
     * @param hostOffset how far from its host address kernels see pinned memory
     */
    public FakeGpu(Set<Integer> failures, Kernels kernels, int hostOffset) {
        driver = new FakeDriver(failures);
        driver.kernels = kernels;
        driver.hostOffset = hostOffset;
        driver.variables = new HashMap<>();
    }

    /** Kernels of all modules. */
    public interface Kernels {
        /** A kernel is launched. */
        default void launch(String function, LaunchShape shape, List<byte[]> arguments) {}

        /** Whether all that were launched are over. */
        default boolean isIdle() {
            return true;
        }

        /** Waits until they are. */
        default void synchronize() {}
    }

    public CudaDriver driver() {
        return new CudaDriver(driver);
    }

    /** Gives its modules a variable, whose memory is the host's. */
    public void variable(String name, long address, long bytes) {
        Map<String, Extent> variables = driver.variables;
        if (variables != null) {
            variables.put(name, new Extent(address, bytes));
        }
    }

    /** How many blocks are in each cluster of a kernel's next launch. */
    public int clusterBlocks(String function) {
        return driver.clusterBlocks(function);
    }

    /** Leaves no room for clusters of several blocks, as in a part of a GPU. */
    public void refuseClusters() {
        driver.mostInCluster = 1;
    }

    /** Sets what its linker makes of its inputs. */
    public void linker(Function<List<LinkInput>, byte[]> linker) {
        driver.linker = linker;
    }

    /** Lets code come to it at once, and not when it is asked for. */
    public void loadEagerly() {
        driver.loadsEagerly = true;
    }

    /** Lets it refuse libraries from now on. */
    public void refuseLibraries() {
        driver.refusesLibraries = true;
    }

    /** Libraries that were read while a kernel was resident. */
    public int readBeside() {
        return driver.readBeside.get();
    }

    /** What the driver says of PTX that it does not compile. */
    public static CudaException badPtx(String log) {
        return CudaException.of(CudaError.INVALID_PTX.code(), "linking", "", log);
    }

    /** Calls so far. */
    public int calls() {
        return driver.calls();
    }

    /** What went against the rules, in words. */
    public List<String> violations() {
        return driver.violations;
    }

    /** Opened and not closed, the context not counted. */
    public int openResources() {
        return driver.openResources();
    }

    /** Contexts that are retained. */
    public int retained() {
        return driver.retained();
    }

    /** Closes that failed: what they were about may stay open. */
    public int refusedCloses() {
        return driver.refusedCloses;
    }

    /** The error of calls that fail. */
    public static int failureCode() {
        return FakeDriver.FAILURE;
    }
}
