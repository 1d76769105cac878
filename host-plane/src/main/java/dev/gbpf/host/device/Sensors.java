package dev.gbpf.host.device;

/** A device's sensors, which are only read. */
public interface Sensors extends AutoCloseable {
    /** What they say now. */
    SensorReading read();

    @Override
    void close();
}
