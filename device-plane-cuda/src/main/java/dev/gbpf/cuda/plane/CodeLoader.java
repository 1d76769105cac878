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
    byte[] compile(String name, String ptx);

    /**
     * Loads what was compiled; what was loaded before is of no use any more. Called while no kernel runs.
     *
     * @return where its table {@code gbpf_code} is
     */
    long load(String name, byte[] image);

    /** Gives back what is of no use any more. Called while no kernel runs. */
    void tidy();
}
