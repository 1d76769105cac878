package dev.gbpf.cuda.driver;

import java.util.Optional;

/** The driver refused something. The message names what was tried and CUDA's error; {@link #remedy} says what to do. */
public final class CudaException extends RuntimeException {
    private final int code;
    private final String remedy;

    private CudaException(int code, String message, String remedy) {
        super(message);
        this.code = code;
        this.remedy = remedy;
    }

    /**
     * An error that the driver returned.
     *
     * @param action what was tried, as in "loading module probe"
     * @param cudaName its name, for errors that {@link CudaError} does not list
     * @param log what a compiler or linker said, empty when there is nothing
     */
    static CudaException of(int code, String action, String cudaName, String log) {
        Optional<CudaError> known = CudaError.byCode(code);
        String name = known.map(CudaError::cudaName).orElse(cudaName);
        String meaning = known.map(error -> ": " + error.meaning()).orElse("");
        String said = log.isBlank() ? "" : "\n" + log.strip();
        return new CudaException(
                code,
                action + ": " + name + " (" + code + ")" + meaning + said,
                known.map(CudaError::remedy).orElse("see CUDA's documentation of cuGetErrorString"));
    }

    /** The driver's number. */
    public int code() {
        return code;
    }

    /** The error, when it is one that is listed. */
    public Optional<CudaError> error() {
        return CudaError.byCode(code);
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
