package dev.gbpf.host.device;

/**
 * What a device says of its power, clock and temperature when one of them moved.
 *
 * @param powerMilliwatts mean power since the last reading, mW
 * @param temperatureMilliCelsius thousandths of a degree Celsius, 0 to 1,000,000
 * @param limitMilliCelsius temperature at which the device begins to lower its clock, likewise
 * @param clockThousandths its clock, 1 to 1000 thousandths of its full clock
 * @param changed what moved: bits {@link dev.gbpf.abi.Constants#THERMAL_POWER}, {@link dev.gbpf.abi.Constants#THERMAL_CLOCK} and
 *     {@link dev.gbpf.abi.Constants#THERMAL_TEMPERATURE}, at least one
 */
public record ThermalReading(
        long powerMilliwatts, int temperatureMilliCelsius, int limitMilliCelsius, int clockThousandths, int changed) {
    /** The same, for somebody who has not heard anything yet. */
    public ThermalReading whole() {
        return new ThermalReading(powerMilliwatts, temperatureMilliCelsius, limitMilliCelsius, clockThousandths, 7);
    }
}
