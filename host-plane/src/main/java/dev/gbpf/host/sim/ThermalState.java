package dev.gbpf.host.sim;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.device.ThermalReading;
import org.jspecify.annotations.Nullable;

/** Power, temperature and clock of a device over time. */
final class ThermalState {
    /*
     * Between two changes power is constant, so the temperature is known in closed form (a first-order lag): no step is too
     * long, and looking more often changes nothing. StrictMath, so that every machine computes the same.
     */
    /** By how much the clock is moved at a time, thousandths. */
    private static final int CLOCK_STEP = 50;
    /** How far the temperature must be below the limit before the clock is raised, degrees. */
    private static final double HYSTERESIS = 3;
    /** What is not worth a reading. */
    private static final double POWER_STEP_WATTS = 5;

    private static final double TEMPERATURE_STEP = 1;
    /** Within this of its final temperature an idle device is at rest, degrees. */
    private static final double AT_REST = 0.05;

    private static final int FULL_CLOCK = 1000;
    private static final double THOUSAND = 1000;

    private final ThermalSpec spec;
    private final int sms;

    private double temperature;
    private double watts;
    private int busySms;
    private int clock = FULL_CLOCK;
    private long sinceNs;
    private long nextLookNs = Long.MAX_VALUE;

    private double energySinceLook;
    private long lastLookNs;
    private double reportedWatts;
    private double reportedTemperature;
    private int reportedClock = FULL_CLOCK;

    ThermalState(ThermalSpec spec, int sms) {
        this.spec = spec;
        this.sms = sms;
        this.watts = spec.idleWatts();
        this.temperature = finalTemperature();
        this.reportedWatts = watts;
        this.reportedTemperature = temperature;
    }

    /** Rate of kernels by the clock: 1 at the full one. */
    double rate() {
        return clock / THOUSAND;
    }

    /** Degrees. */
    double temperature() {
        return temperature;
    }

    /** When the device looks at its temperature next, ns; {@link Long#MAX_VALUE} while it is idle and at rest. */
    long nextLookNs() {
        return nextLookNs;
    }

    /** So many SMs are in use from now on. */
    void use(int newBusySms, long nowNs) {
        pass(nowNs);
        busySms = newBusySms;
        watts = power();
        if (busySms > 0 && nextLookNs == Long.MAX_VALUE) {
            lastLookNs = nowNs;
            energySinceLook = 0;
            nextLookNs = (nowNs / spec.periodNs() + 1) * spec.periodNs();
        }
    }

    /** Dynamic power goes with the cube of the clock, since voltage goes with it. */
    private double power() {
        double rate = rate();
        return spec.idleWatts() + (spec.fullWatts() - spec.idleWatts()) * ((double) busySms / sms) * rate * rate * rate;
    }

    private double finalTemperature() {
        return spec.ambientCelsius() + watts * spec.milliKelvinPerWatt() / THOUSAND;
    }

    private void pass(long nowNs) {
        long passed = nowNs - sinceNs;
        if (passed != 0) {
            double target = finalTemperature();
            temperature = target + (temperature - target) * StrictMath.exp(-(double) passed / spec.timeConstantNs());
            energySinceLook += watts * passed;
            sinceNs = nowNs;
        }
    }

    /**
     * Looks at the temperature when it is time to, and sets the clock.
     *
     * @return what moved since the last reading, or null when too little did
     */
    @Nullable
    ThermalReading look(long nowNs) {
        if (nowNs < nextLookNs) {
            return null;
        }
        pass(nowNs);
        if (temperature >= spec.limitCelsius()) {
            clock = Math.max(spec.slowestThousandths(), clock - CLOCK_STEP);
        } else if (temperature < spec.limitCelsius() - HYSTERESIS) {
            clock = Math.min(FULL_CLOCK, clock + CLOCK_STEP);
        }
        double mean = nowNs > lastLookNs ? energySinceLook / (nowNs - lastLookNs) : watts;
        energySinceLook = 0;
        lastLookNs = nowNs;
        watts = power();
        boolean rest = busySms == 0 && clock == FULL_CLOCK && Math.abs(temperature - finalTemperature()) < AT_REST;
        nextLookNs = rest ? Long.MAX_VALUE : nowNs + spec.periodNs();
        return reading(mean);
    }

    private @Nullable ThermalReading reading(double mean) {
        int changed = 0;
        if (Math.abs(mean - reportedWatts) >= POWER_STEP_WATTS) {
            changed |= (int) Constants.THERMAL_POWER;
        }
        if (clock != reportedClock) {
            changed |= (int) Constants.THERMAL_CLOCK;
        }
        if (Math.abs(temperature - reportedTemperature) >= TEMPERATURE_STEP) {
            changed |= (int) Constants.THERMAL_TEMPERATURE;
        }
        if (changed == 0) {
            return null;
        }
        reportedWatts = mean;
        reportedClock = clock;
        reportedTemperature = temperature;
        return new ThermalReading(
                Math.round(mean * THOUSAND),
                (int) Math.round(temperature * THOUSAND),
                spec.limitCelsius() * (int) THOUSAND,
                clock,
                changed);
    }
}
