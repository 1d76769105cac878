package dev.gbpf.host.sim;

import dev.gbpf.host.check.Checks;

/**
 * How a simulated device gets warm; {@code docs/simulator.md} gives the formulas.
 *
 * @param idleWatts power when no SM is in use, W
 * @param fullWatts power when all SMs are in use at the full clock, W, at least {@code idleWatts}
 * @param ambientCelsius temperature without any power, degrees
 * @param milliKelvinPerWatt how much warmer each watt makes it in the end, thousandths of a kelvin
 * @param timeConstantNs in which the distance to the final temperature falls to 1/e, ns
 * @param limitCelsius temperature at which the device begins to lower its clock, degrees
 * @param slowestThousandths the least clock, thousandths of the full one
 * @param periodNs how often the device looks at its temperature, ns
 */
public record ThermalSpec(
        int idleWatts,
        int fullWatts,
        int ambientCelsius,
        int milliKelvinPerWatt,
        long timeConstantNs,
        int limitCelsius,
        int slowestThousandths,
        long periodNs) {
    /** The greatest power, W. */
    public static final int MAX_WATTS = 10_000;
    /** The greatest temperature that a device may be meant for, degrees. */
    public static final int MAX_CELSIUS = 200;
    /** The greatest warming by a watt, thousandths of a kelvin. */
    public static final int MAX_MILLIKELVIN = 1_000;
    /** The shortest period, ns. */
    public static final long MIN_PERIOD_NS = 100_000;

    private static final String OWNER = "thermal model";

    /** A device of 700 W that is cooled too little: it would come to 95 degrees, and lowers its clock at 85. */
    public static final ThermalSpec WARM = new ThermalSpec(100, 700, 25, 100, 2_000_000_000L, 85, 400, 10_000_000L);

    public ThermalSpec {
        Checks.inRange(OWNER, "idleWatts", idleWatts, 0, MAX_WATTS);
        Checks.inRange(OWNER, "fullWatts", fullWatts, idleWatts, MAX_WATTS);
        Checks.inRange(OWNER, "ambientCelsius", ambientCelsius, 0, MAX_CELSIUS);
        Checks.inRange(OWNER, "milliKelvinPerWatt", milliKelvinPerWatt, 0, MAX_MILLIKELVIN);
        Checks.inRange(OWNER, "timeConstantNs", timeConstantNs, MIN_PERIOD_NS, Checks.MAX_TIME_NS);
        Checks.inRange(OWNER, "limitCelsius", limitCelsius, ambientCelsius, MAX_CELSIUS);
        Checks.inRange(OWNER, "slowestThousandths", slowestThousandths, 1, 1000);
        Checks.inRange(OWNER, "periodNs", periodNs, MIN_PERIOD_NS, Checks.MAX_TIME_NS);
    }
}
