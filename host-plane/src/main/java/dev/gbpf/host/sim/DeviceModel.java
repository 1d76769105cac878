package dev.gbpf.host.sim;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.check.Checks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated device is made of. The document {@code docs/simulator.md} gives the formulas in which the values stand.
 *
 * @param name for people
 * @param sms SMs in all
 * @param memoryBytes device memory in all, bytes
 * @param launchLatencyNs from the start of a kernel job until its kernel can run, ns; it takes no SMs, and passes while the
 *     job waits for its stream
 * @param copyH2d the engine that copies from host to device
 * @param copyD2h the engine that copies from device to host
 * @param contentionThousandths how strongly kernels that together ask for more than the memory bandwidth slow each other
 *     down: 0 not at all, 1000 so that they share it without loss, more when sharing loses bandwidth
 * @param vslices 1 to {@link Constants#MAX_VSLICES}, whose SMs together are at most {@code sms}
 * @param batchClasses the kinds of batched jobs; the first has number 1
 * @param boundaryNs how much work of a kernel lies between two places at which it can stop, ns, at least 1
 * @param thermal how it gets warm; null for a device that always stays cool
 * @param memory how its memory is divided, and what pages cost
 */
public record DeviceModel(
        String name,
        int sms,
        long memoryBytes,
        long launchLatencyNs,
        CopyEngineSpec copyH2d,
        CopyEngineSpec copyD2h,
        int contentionThousandths,
        List<VsliceSpec> vslices,
        List<BatchClass> batchClasses,
        long boundaryNs,
        @Nullable ThermalSpec thermal,
        MemorySpec memory) {
    /** Between two places at which a kernel can stop: thread blocks of kernels of inference and training take about this. */
    public static final long DEFAULT_BOUNDARY_NS = 100_000;

    /** The greatest number of SMs. */
    public static final int MAX_SMS = 65_536;

    /** The longest time of one thing that the device does, ns: about 11 days. */
    public static final long MAX_TIME_NS = Checks.MAX_TIME_NS;

    /** The most kinds of batches. */
    public static final int MAX_BATCH_CLASSES = 64;

    private static final long GIB = 1L << 30;

    public DeviceModel {
        Checks.named("device", name);
        String owner = "device " + name;
        Checks.inRange(owner, "sms", sms, 1, MAX_SMS);
        Checks.inRange(owner, "memoryBytes", memoryBytes, 0, 1L << 50);
        Checks.inRange(owner, "launchLatencyNs", launchLatencyNs, 0, MAX_TIME_NS);
        Checks.inRange(owner, "contentionThousandths", contentionThousandths, 0, 10_000);
        Checks.inRange(owner, "boundaryNs", boundaryNs, 1, MAX_TIME_NS);
        vslices = List.copyOf(vslices);
        batchClasses = List.copyOf(batchClasses);
        Checks.inRange(owner, "vslices", vslices.size(), 1, Constants.MAX_VSLICES);
        Checks.inRange(owner, "batchClasses", batchClasses.size(), 0, MAX_BATCH_CLASSES);
        distinct(owner, "vslice", vslices, VsliceSpec::name);
        distinct(owner, "batch class", batchClasses, BatchClass::name);
        long given = 0;
        for (VsliceSpec vslice : vslices) {
            given += vslice.sms();
        }
        if (memory.givenBytes() > memoryBytes) {
            throw new IllegalArgumentException(owner + ": its pools have " + memory.givenBytes()
                    + " bytes together, and memoryBytes=" + memoryBytes);
        }
        if (given > sms) {
            throw new IllegalArgumentException(owner + ": its vslices have " + given + " SMs together, and sms=" + sms);
        }
    }

    /** A device that stays cool, and whose kernels can stop at the usual places. */
    public DeviceModel(
            String name,
            int sms,
            long memoryBytes,
            long launchLatencyNs,
            CopyEngineSpec copyH2d,
            CopyEngineSpec copyD2h,
            int contentionThousandths,
            List<VsliceSpec> vslices,
            List<BatchClass> batchClasses) {
        this(
                name,
                sms,
                memoryBytes,
                launchLatencyNs,
                copyH2d,
                copyD2h,
                contentionThousandths,
                vslices,
                batchClasses,
                DEFAULT_BOUNDARY_NS,
                null,
                MemorySpec.DEFAULT);
    }

    private static <T> void distinct(String owner, String what, List<T> items, Function<T, String> nameOf) {
        Set<String> seen = new HashSet<>();
        for (T item : items) {
            if (!seen.add(nameOf.apply(item))) {
                throw new IllegalArgumentException(
                        owner + ": two of its " + what + " entries have name=" + nameOf.apply(item));
            }
        }
    }

    /**
     * An H200: 132 SMs, 139 GiB, copies at 55 GB/s with 3.7 µs each, 7.9 µs from a launch to its seen end, one vSlice
     * {@code all} with room for 64 jobs, no batch classes.
     */
    public static DeviceModel h200() {
        CopyEngineSpec engine = new CopyEngineSpec(55_000_000_000L, 3_700);
        return new DeviceModel(
                "h200",
                132,
                139 * GIB,
                7_900,
                engine,
                engine,
                1_000,
                List.of(new VsliceSpec("all", 132, 64)),
                List.of());
    }

    /** The same device, divided otherwise. */
    public DeviceModel withVslices(List<VsliceSpec> newVslices) {
        return new DeviceModel(
                name,
                sms,
                memoryBytes,
                launchLatencyNs,
                copyH2d,
                copyD2h,
                contentionThousandths,
                newVslices,
                batchClasses,
                boundaryNs,
                thermal,
                memory);
    }

    /** The same device with other kinds of batches. */
    public DeviceModel withBatchClasses(List<BatchClass> newBatchClasses) {
        return new DeviceModel(
                name,
                sms,
                memoryBytes,
                launchLatencyNs,
                copyH2d,
                copyD2h,
                contentionThousandths,
                vslices,
                newBatchClasses,
                boundaryNs,
                thermal,
                memory);
    }

    /** The same device, which gets warm. */
    public DeviceModel withThermal(ThermalSpec newThermal) {
        return new DeviceModel(
                name,
                sms,
                memoryBytes,
                launchLatencyNs,
                copyH2d,
                copyD2h,
                contentionThousandths,
                vslices,
                batchClasses,
                boundaryNs,
                newThermal,
                memory);
    }

    /** The same device, whose memory is divided otherwise. */
    public DeviceModel withMemory(MemorySpec newMemory) {
        return new DeviceModel(
                name,
                sms,
                memoryBytes,
                launchLatencyNs,
                copyH2d,
                copyD2h,
                contentionThousandths,
                vslices,
                batchClasses,
                boundaryNs,
                thermal,
                newMemory);
    }
}
