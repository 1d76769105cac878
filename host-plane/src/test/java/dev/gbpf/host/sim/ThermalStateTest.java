package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.device.ThermalReading;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Power, temperature and clock follow their formulas. */
class ThermalStateTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ThermalSpec SPEC = ThermalSpec.WARM;

    private static List<ThermalReading> look(ThermalState state, long untilNs) {
        List<ThermalReading> readings = new ArrayList<>();
        while (state.nextLookNs() <= untilNs) {
            ThermalReading reading = state.look(state.nextLookNs());
            if (reading != null) {
                readings.add(reading);
            }
        }
        return readings;
    }

    @Test
    void temperature_underConstantPower_followsTheLag() {
        ThermalState state = new ThermalState(SPEC, 100);
        state.use(40, 0);
        look(state, SPEC.timeConstantNs());
        // 100 W + 40 % of 600 W = 340 W: from 35 degrees to 59, and 1 - 1/e of the way after one time constant.
        assertThat(state.temperature()).isCloseTo(35 + 24 * (1 - 1 / Math.E), within(1e-6));
    }

    @Property(tries = 100)
    void temperature_doesNotDependOnHowOftenItIsLookedAt(
            @ForAll @IntRange(min = 0, max = 50) int sms, @ForAll @LongRange(min = 1, max = 100) long stepMs) {
        ThermalState often = new ThermalState(SPEC, 100);
        ThermalState once = new ThermalState(SPEC, 100);
        often.use(sms, 0);
        once.use(sms, 0);
        for (long at = stepMs; at < 1_000; at += stepMs) {
            often.use(sms, at * 1_000_000);
        }
        often.use(sms, SECOND);
        once.use(sms, SECOND);
        assertThat(often.temperature()).isCloseTo(once.temperature(), within(1e-9));
    }

    @Test
    void clock_aboveTheLimit_fallsUntilItHolds_andRisesAgain() {
        ThermalState state = new ThermalState(SPEC, 100);
        state.use(100, 0);
        List<ThermalReading> warming = look(state, 30 * SECOND);
        assertThat(state.rate()).isBetween(0.4, 0.95);
        assertThat(state.temperature()).isBetween(80.0, 86.0);
        assertThat(warming).allSatisfy(r -> assertThat(r.changed()).isBetween(1, 7));
        assertThat(warming)
                .anySatisfy(
                        r -> assertThat(r.changed() & Constants.THERMAL_CLOCK).isNotZero());
        state.use(0, state.nextLookNs());
        look(state, 120 * SECOND);
        assertThat(state.rate()).isEqualTo(1.0);
        assertThat(state.nextLookNs()).as("at rest nothing is due").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void reading_ofAnIdleDevice_doesNotCome() {
        ThermalState state = new ThermalState(SPEC, 100);
        assertThat(state.nextLookNs()).isEqualTo(Long.MAX_VALUE);
    }
}
