package dev.gbpf.host.queue;

/**
 * Whether jobs that need device memory may go. It closes when the device had too little for the job whose turn it was, and
 * opens when memory may have come back. Confined to the plane's thread.
 */
public final class MemoryGate {
    private boolean open = true;

    public boolean isOpen() {
        return open;
    }

    public void close() {
        open = false;
    }

    public void open() {
        open = true;
    }
}
