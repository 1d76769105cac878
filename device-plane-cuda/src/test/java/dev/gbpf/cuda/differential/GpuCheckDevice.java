package dev.gbpf.cuda.differential;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.driver.CudaContext;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.CudaFunction;
import dev.gbpf.cuda.driver.CudaModule;
import dev.gbpf.cuda.driver.CudaStream;
import dev.gbpf.cuda.driver.DeviceMemory;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.driver.PinnedMemory;
import dev.gbpf.cuda.ptx.PtxModule;
import dev.gbpf.cuda.ptx.TestMaps;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A GPU. Each place has a stream and memory of its own. */
final class GpuCheckDevice implements CheckDevice {
    private static final int REGISTERS = 128;
    private static final int WARP = 32;
    private static final int WARPS = 4;
    private static final int OPERATION_BYTES = 16;
    private static final int MOST_SHARED = 128 << 10;
    private static final long ROOM = 8 << 20;
    private static final int MOST_INTERPRETED = 2_048;
    private static final int MOST_COMPILED = 256;
    private static final long SCRATCH = 8 << 20;

    private final CudaContext context;
    private final CudaModule module;
    private final CudaFunction interpreted;
    private final CudaFunction compiled;

    /**
     * The first GPU.
     *
     * @param cubin {@code program_check.cu} as relocatable machine code
     */
    GpuCheckDevice(CudaDriver driver, byte[] cubin) {
        context = driver.context(0);
        // Linked, so that what it calls by address has addresses as in the control kernel.
        module = context.linkedModule(
                "program_check", List.of(new LinkInput(LinkInput.Kind.CUBIN, "program_check", cubin)), REGISTERS);
        interpreted = module.function("check_interpreted");
        compiled = module.function("check_compiled");
        interpreted.allowSharedBytes(MOST_SHARED);
    }

    @Override
    public Place place(Form form) {
        return new GpuPlace(form);
    }

    @Override
    public void close() {
        context.close();
    }

    private final class GpuPlace implements Place {
        private final Form form;
        private final CudaStream stream = context.stream();
        private final PinnedMemory host = context.pinnedMemory(ROOM);
        private final DeviceMemory device = context.deviceMemory(ROOM);
        private final DeviceMemory scratch = context.deviceMemory(SCRATCH);
        private final int most;
        private final PinnedMemory outcomes;
        private @Nullable CudaModule code;

        GpuPlace(Form form) {
            this.form = form;
            this.most = form == Form.COMPILED ? MOST_COMPILED : MOST_INTERPRETED;
            this.outcomes = context.pinnedMemory((long) most * ProgramBatch.OUTCOME);
        }

        @Override
        public ProgramBatch batch() {
            return new ProgramBatch(host.segment(), device.address(), most);
        }

        @Override
        public void compile(ProgramBatch batch, String ptx) {
            LinkInput input = new LinkInput(LinkInput.Kind.PTX, "programs", ptx.getBytes(StandardCharsets.US_ASCII));
            CudaModule loaded = context.module("programs", context.link(List.of(input), compiled.registers()));
            code = loaded;
            loaded.global(PtxModule.TABLE).copyTo(outcomes, 0, stream);
            stream.synchronize();
            for (int i = 0; i < batch.programs().size(); i++) {
                batch.code(i, outcomes.segment().getAtIndex(JAVA_LONG, i));
            }
        }

        @Override
        public MemorySegment check(ProgramBatch batch) {
            int programs = batch.programs().size();
            int threads = form == Form.COMPILED ? WARPS * WARP : WARP;
            int blocks = (int) Math.min(
                    SCRATCH / ((long) threads * batch.contextBytes()),
                    form == Form.COMPILED ? (programs + WARPS - 1) / WARPS : programs);
            int shared = form == Form.COMPILED ? 0 : batch.operations() * OPERATION_BYTES;
            device.range().slice(0, batch.bytes()).copyFrom(host, 0, stream);
            (form == Form.COMPILED ? compiled : interpreted)
                    .launch(
                            new LaunchShape(Math.max(1, blocks), threads, shared, false),
                            stream,
                            device.address(),
                            programs,
                            scratch.address(),
                            batch.contextBytes(),
                            TestMaps.NOW,
                            outcomes.deviceAddress());
            stream.synchronize();
            CudaModule done = code;
            if (done != null) {
                done.close();
                code = null;
            }
            return outcomes.segment();
        }
    }
}
