package dev.gbpf.cuda.bench;

import dev.gbpf.cuda.driver.CudaDriver;

/** What is measured. */
sealed interface BenchTarget {
    /** The build of the device code for the CPU. */
    record Cpu() implements BenchTarget {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /**
     * A GPU.
     *
     * @param ordinal its number for the driver
     */
    record Gpu(CudaDriver driver, int ordinal) implements BenchTarget {
        @Override
        public String toString() {
            return "gpu " + ordinal;
        }
    }
}
