package dev.gbpf.cuda.driver;

/** This machine has no CUDA driver, or gBPF cannot use it. */
public final class CudaUnavailableException extends RuntimeException {
    private final String remedy;

    CudaUnavailableException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    CudaUnavailableException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
