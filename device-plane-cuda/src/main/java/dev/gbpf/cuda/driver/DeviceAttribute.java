package dev.gbpf.cuda.driver;

import jcuda.driver.CUdevice_attribute;

/** Properties of a GPU, by the driver's numbers. */
public enum DeviceAttribute {
    /** First number of the compute capability. */
    COMPUTE_MAJOR(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
    /** Second number of the compute capability. */
    COMPUTE_MINOR(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
    /** SMs. */
    SMS(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
    /** Peak clock of the SMs, kHz. */
    CLOCK_KHZ(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE),
    /** Peak clock of the memory, kHz. */
    MEMORY_CLOCK_KHZ(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE),
    /** Width of the memory bus, bits. */
    MEMORY_BUS_BITS(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH),
    /** Level 2 cache, bytes. */
    L2_BYTES(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE),
    /** Threads that an SM holds at once. */
    THREADS_PER_SM(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR),
    /** Registers of an SM. */
    REGISTERS_PER_SM(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR),
    /** Shared memory of an SM, bytes. */
    SHARED_PER_SM(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR),
    /** Shared memory that one block can ask for, bytes. */
    SHARED_PER_BLOCK(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
    /** 1 when kernels can read and write pinned host memory. */
    MAPS_HOST_MEMORY(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY),
    /** 1 when all blocks of a kernel can be made to run at once. */
    COOPERATIVE_LAUNCH(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH),
    /** 1 when the GPU preempts kernels of one context for another's at an instruction. */
    COMPUTE_PREEMPTION(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_PREEMPTION_SUPPORTED),
    /** 1 when a display's watchdog ends long kernels. */
    WATCHDOG(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT),
    /** 1 when ECC is on. */
    ECC(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_ECC_ENABLED),
    /** Copies that can run beside kernels. */
    COPY_ENGINES(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT),
    /** A {@link ComputeMode}, by its number. */
    COMPUTE_MODE(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_MODE);

    private final int number;

    DeviceAttribute(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
