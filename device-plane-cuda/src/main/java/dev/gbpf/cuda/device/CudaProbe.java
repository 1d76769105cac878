package dev.gbpf.cuda.device;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.driver.CudaContext;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.CudaModule;
import dev.gbpf.cuda.driver.CudaStream;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.driver.PinnedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Runs the kernel of {@code probe.cu}: whether a GPU runs this build's code, and which of it. */
final class CudaProbe {
    private static final int BYTES = 12;
    private static final int ARCHITECTURE = 4;
    private static final int SHIFT = 16;
    private static final int MASK = 0xffff;

    private CudaProbe() {}

    /**
     * What the kernel said.
     *
     * @param abi the interface that it was built for
     * @param architecture what its machine code is for, as in 900 for 9.0
     */
    record Result(AbiVersion abi, int architecture) {}

    /** Loads it, runs it, and gives everything back. */
    static Result run(CudaDriver driver, int ordinal) {
        byte[] image = NativeBuild.current().fatBinary("probe");
        try (CudaContext context = driver.context(ordinal);
                CudaModule module = context.module("probe", image);
                CudaStream stream = context.stream();
                PinnedMemory memory = context.pinnedMemory(BYTES)) {
            module.function("gbpf_probe").launch(LaunchShape.of(1, 1), stream, memory.deviceAddress());
            stream.synchronize();
            MemorySegment result = memory.segment();
            int version = result.get(ValueLayout.JAVA_INT, 0);
            return new Result(
                    new AbiVersion(version >>> SHIFT, version & MASK), result.get(ValueLayout.JAVA_INT, ARCHITECTURE));
        }
    }
}
