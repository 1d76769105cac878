package dev.gbpf.host.device;

import dev.gbpf.abi.Constants;
import java.util.Optional;

/** Makes of a device's readings what the plane hears of: only what moved by more than the noise of its sensors. For one thread. */
public final class ThermalChanges {
    private static final int THOUSAND = 1000;
    /** What power must move by, as a part of the limit. */
    private static final int POWER_PART = 50;

    private static final long POWER_STEP_MILLIWATTS = 10_000;
    private static final int CLOCK_STEP_THOUSANDTHS = 10;
    private static final int HOTTEST_MILLI_CELSIUS = 1_000_000;

    private long power;
    private int temperature;
    private int clock = THOUSAND;
    private boolean toldBefore;

    /**
     * Looks at the next reading.
     *
     * @return what the plane should hear; empty when nothing moved, or nothing is known
     */
    public Optional<ThermalReading> next(SensorReading reading) {
        int now = Math.clamp((long) reading.temperatureC() * THOUSAND, 0, HOTTEST_MILLI_CELSIUS);
        int speed = reading.maxClockMhz() <= 0 || reading.clockMhz() <= 0
                ? THOUSAND
                : Math.clamp((long) reading.clockMhz() * THOUSAND / reading.maxClockMhz(), 1, THOUSAND);
        long draw = Math.max(0, reading.powerMilliwatts());
        long step = Math.max(POWER_STEP_MILLIWATTS, reading.powerLimitMilliwatts() / POWER_PART);
        int changed = 0;
        if (Math.abs(draw - power) >= step) {
            changed |= (int) Constants.THERMAL_POWER;
        }
        if (Math.abs(speed - clock) >= CLOCK_STEP_THOUSANDTHS) {
            changed |= (int) Constants.THERMAL_CLOCK;
        }
        if (now != temperature) {
            changed |= (int) Constants.THERMAL_TEMPERATURE;
        }
        if (changed == 0) {
            return Optional.empty();
        }
        power = draw;
        clock = speed;
        temperature = now;
        int limit = Math.clamp((long) reading.slowdownC() * THOUSAND, 0, HOTTEST_MILLI_CELSIUS);
        ThermalReading moved = new ThermalReading(draw, now, limit, speed, changed);
        ThermalReading told = toldBefore ? moved : moved.whole();
        toldBefore = true;
        return Optional.of(told);
    }
}
