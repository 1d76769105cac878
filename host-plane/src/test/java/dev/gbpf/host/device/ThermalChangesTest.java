package dev.gbpf.host.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Constants;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ThermalChangesTest {
    private final ThermalChanges changes = new ThermalChanges();

    private static SensorReading reading(int celsius, int clock, long milliwatts) {
        return new SensorReading(celsius, 85, clock, 1980, milliwatts, 700_000, 0, 0);
    }

    @Test
    void first_tellsAll() {
        assertThat(changes.next(reading(40, 1980, 90_000)))
                .contains(new ThermalReading(90_000, 40_000, 85_000, 1000, 7));
    }

    @Test
    void noise_isNotTold() {
        changes.next(reading(40, 1980, 90_000));

        assertThat(changes.next(reading(40, 1975, 99_000))).isEmpty();
    }

    @Test
    void eachQuantity_isToldByItself() {
        changes.next(reading(40, 1980, 90_000));

        assertThat(changes.next(reading(41, 1980, 90_000)).map(ThermalReading::changed))
                .contains((int) Constants.THERMAL_TEMPERATURE);
        assertThat(changes.next(reading(41, 1700, 90_000)).map(ThermalReading::changed))
                .contains((int) Constants.THERMAL_CLOCK);
        assertThat(changes.next(reading(41, 1700, 600_000)).map(ThermalReading::changed))
                .contains((int) Constants.THERMAL_POWER);
    }

    @Test
    void slowDrift_isToldOnceItHasAddedUp() {
        changes.next(reading(40, 1980, 90_000));
        int told = 0;
        for (int watts = 91; watts <= 190; watts++) {
            told += changes.next(reading(40, 1980, watts * 1000L)).isPresent() ? 1 : 0;
        }

        assertThat(told).isEqualTo(100 / 14);
    }

    @Property
    void anyReading_isInTheRangesOfTheContext(
            @ForAll int celsius, @ForAll int slowdown, @ForAll int clock, @ForAll int most, @ForAll long milliwatts) {
        Optional<ThermalReading> told =
                new ThermalChanges().next(new SensorReading(celsius, slowdown, clock, most, milliwatts, 700_000, 0, 0));

        told.ifPresent(t -> {
            assertThat(t.powerMilliwatts()).isNotNegative();
            assertThat(t.temperatureMilliCelsius()).isBetween(0, 1_000_000);
            assertThat(t.limitMilliCelsius()).isBetween(0, 1_000_000);
            assertThat(t.clockThousandths()).isBetween(1, 1000);
            assertThat(t.changed()).isBetween(1, 7);
        });
    }
}
