package dev.gbpf.cuda.plane;

/**
 * What the device's sensors say, for {@code therm_tick}; 0 for what is not known.
 *
 * @param temperatureC degrees Celsius
 * @param clockMhz clock of the SMs, MHz
 * @param maxClockMhz their greatest clock, MHz
 * @param powerMilliwatts power, mW
 * @param powerLimitMilliwatts the power that may be drawn, mW
 */
public record SensorReading(
        int temperatureC, int clockMhz, int maxClockMhz, long powerMilliwatts, long powerLimitMilliwatts) {}
