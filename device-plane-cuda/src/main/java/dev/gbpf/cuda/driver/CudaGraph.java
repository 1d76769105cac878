package dev.gbpf.cuda.driver;

import jcuda.driver.CUgraphExec;

/** Work that was written down once and is launched as a whole. What it uses must be there as long as it is launched. */
public final class CudaGraph extends CudaResource {
    private final CUgraphExec handle;

    CudaGraph(CudaContext context, CUgraphExec handle) {
        super(context);
        this.handle = handle;
    }

    /** Queues all of it. */
    public void launch(CudaStream stream) {
        api().launchGraph(handle, stream.handle());
    }

    @Override
    void destroy(DriverApi api) {
        api.destroyGraph(handle);
    }
}
