package dev.gbpf.host.recording;

/** Bytes that are no recording, or none that can be used. The message says what is wrong and where. */
public final class RecordingException extends Exception {
    private static final long serialVersionUID = 1L;

    RecordingException(String message) {
        super(message);
    }
}
