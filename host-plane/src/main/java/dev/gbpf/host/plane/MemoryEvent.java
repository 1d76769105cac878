package dev.gbpf.host.plane;

/** What happens to allocations. */
public enum MemoryEvent {
    ASKED("requests for memory"),
    GRANTED("requests granted"),
    PLACED("allocations placed on the device"),
    DENIED("requests denied"),
    POSTPONED("requests postponed by the policy"),
    USED("uses of allocations"),
    READY("uses begun"),
    EVICTED("allocations moved to host memory"),
    COMPRESSED("allocations compressed in place"),
    RETURNED("allocations copied back from host memory"),
    GREW("pools grown"),
    FREED("allocations given back");

    private final String words;

    MemoryEvent(String words) {
        this.words = words;
    }

    /** What a counter of them is called. */
    public String words() {
        return words;
    }
}
