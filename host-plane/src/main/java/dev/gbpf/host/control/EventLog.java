package dev.gbpf.host.control;

/** Where a daemon notes what happens to it, one line each. Safe for several threads. */
@FunctionalInterface
public interface EventLog {
    void write(String line);
}
