package dev.gbpf.cuda.plane;

/** How a backend makes machine code of policies, and takes it in. */
interface CodeLoader {
    /**
     * Compiles a module of PTX; while a kernel runs too.
     *
     * @param name for messages
     * @throws dev.gbpf.cuda.driver.CudaException when the driver refuses it
     * @throws IllegalArgumentException when the kernel could not call the code
     */
    Code compile(String name, String ptx);

    /** Gives back what is of no use any more. Called while no kernel runs. */
    void tidy();

    /** Machine code that can be loaded, more than once. From one thread at a time. */
    interface Code {
        /**
         * Does of the loading what can be done while a kernel runs.
         *
         * @throws dev.gbpf.cuda.driver.CudaException when the driver refuses it
         */
        void getReady();

        /**
         * Loads it; what was loaded or made ready before is of no use any more. Called while no kernel runs.
         *
         * @return where its table {@code gbpf_code} is
         * @throws dev.gbpf.cuda.driver.CudaException when the driver refuses it
         */
        long load();
    }
}
