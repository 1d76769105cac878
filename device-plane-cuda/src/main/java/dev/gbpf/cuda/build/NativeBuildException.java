package dev.gbpf.cuda.build;

/** Native code was asked for that this build does not hold; the message says why, and what to install. */
public final class NativeBuildException extends RuntimeException {
    public NativeBuildException(String message) {
        super(message);
    }
}
