package dev.gbpf.host.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
    @Property
    void until_isNoEarlierThanTheTime_andNoLaterThanAStepOfTheClock(
            @ForAll @IntRange(min = 1, max = 1_000_000) int thousandths,
            @ForAll @LongRange(min = 0, max = 1_000_000_000L) long passed,
            @ForAll @LongRange(min = 0, max = 1_000_000_000L) long deviceNs) {
        AtomicLong clock = new AtomicLong(-5);
        Pace pace = new Pace(thousandths / 1e3, clock::get);
        clock.addAndGet(passed);
        long wait = pace.untilNs(deviceNs);
        clock.addAndGet(wait);
        assertThat(pace.nowNs()).isGreaterThanOrEqualTo(deviceNs - 1);
        if (wait > 1) {
            clock.addAndGet(-2);
            assertThat(pace.nowNs()).isLessThan(deviceNs + 1);
        }
    }

    @Test
    void time_thatIsLeftOut_isNotCaughtUp() {
        AtomicLong clock = new AtomicLong();
        Pace pace = new Pace(2, clock::get);
        clock.set(100);
        pace.resumeAt(50);
        assertThat(pace.nowNs()).isEqualTo(50);
        assertThat(pace.skippedNs()).isEqualTo(150);
        clock.set(110);
        assertThat(pace.nowNs()).isEqualTo(70);
        pace.begin();
        assertThat(pace.nowNs()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1001, Double.NaN, Double.POSITIVE_INFINITY})
    void speed_outOfRange_isRefused(double speed) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Pace(speed, () -> 0));
    }
}
