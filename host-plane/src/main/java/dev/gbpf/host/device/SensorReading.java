package dev.gbpf.host.device;

/**
 * What a device's sensors say at one moment; 0 for what is not known.
 *
 * @param temperatureC degrees Celsius
 * @param slowdownC temperature at which the device begins to lower its clock, degrees Celsius
 * @param clockMhz clock of the SMs, MHz
 * @param maxClockMhz their greatest clock, MHz
 * @param powerMilliwatts power, mW
 * @param powerLimitMilliwatts the power that may be drawn, mW
 * @param usePercent part of the last sampling period in which a kernel ran, percent
 * @param memoryUsedBytes device memory in use, bytes
 */
public record SensorReading(
        int temperatureC,
        int slowdownC,
        int clockMhz,
        int maxClockMhz,
        long powerMilliwatts,
        long powerLimitMilliwatts,
        int usePercent,
        long memoryUsedBytes) {
    /** A reading of temperature, clocks and power alone. */
    public SensorReading(
            int temperatureC, int clockMhz, int maxClockMhz, long powerMilliwatts, long powerLimitMilliwatts) {
        this(temperatureC, 0, clockMhz, maxClockMhz, powerMilliwatts, powerLimitMilliwatts, 0, 0);
    }
}
