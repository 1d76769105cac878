package dev.gbpf.cuda.driver;

import jcuda.driver.CUmodule;

/** Loaded code. */
public final class CudaModule extends CudaResource {
    private final String name;
    private final CUmodule handle;

    CudaModule(CudaContext context, String name, CUmodule handle) {
        super(context);
        this.name = name;
        this.handle = handle;
    }

    public String name() {
        return name;
    }

    /**
     * A kernel of it.
     *
     * @param function its name, as {@code extern "C"} leaves it
     */
    public CudaFunction function(String function) {
        return new CudaFunction(this, function, api().function(handle, function));
    }

    /** A variable of it: {@code __device__} or {@code __constant__}. It lives as long as the module. */
    public DeviceRange global(String variable) {
        DriverApi.Extent extent = api().global(handle, variable);
        return new DeviceRange(context(), extent.address(), extent.bytes());
    }

    @Override
    void destroy(DriverApi api) {
        api.unloadModule(handle);
    }
}
