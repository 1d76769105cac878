package dev.gbpf.host.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplersTest {
    private static final int DRAWS = 200_000;

    private static RandomStream random() {
        return RandomStream.derive(3, "samplers", "test");
    }

    static Stream<ServiceTime> services() {
        return Stream.of(
                new ServiceTime.Fixed(5_000),
                new ServiceTime.Uniform(1_000, 9_000),
                new ServiceTime.Exponential(5_000),
                new ServiceTime.BoundedPareto(1_000, 1_000_000, 1.5),
                new ServiceTime.BoundedPareto(1_000, 1_000_000, 1.0),
                new ServiceTime.Lognormal(5_000, 1.0));
    }

    @ParameterizedTest
    @MethodSource("services")
    void serviceTimes_haveTheMeanThatIsTold(ServiceTime time) {
        ServiceSampler sampler = new ServiceSampler(time, random());
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
            long ns = sampler.draw();
            assertThat(ns).isPositive();
            sum += ns;
        }
        assertThat(sum / DRAWS).isCloseTo((double) ServiceSampler.meanNs(time), Percentage.withPercentage(3));
    }

    @Test
    void boundedPareto_staysInItsBounds_andHasItsTail() {
        ServiceTime.BoundedPareto time = new ServiceTime.BoundedPareto(1_000, 100_000, 1.0);
        ServiceSampler sampler = new ServiceSampler(time, random());
        int above = 0;
        for (int i = 0; i < DRAWS; i++) {
            long ns = sampler.draw();
            assertThat(ns).isBetween(1_000L, 100_000L);
            above += ns > 10_000 ? 1 : 0;
        }
        // P(X > x) = (l/x - l/h) / (1 - l/h) at alpha 1.
        assertThat((double) above / DRAWS).isCloseTo((0.1 - 0.01) / 0.99, Percentage.withPercentage(3));
    }

    @Test
    void poisson_hasItsRate() {
        assertThat(rate(new ArrivalProcess.Poisson(5_000))).isCloseTo(5_000, Percentage.withPercentage(1));
    }

    @Test
    void bursts_haveTheMeanRateOfTheirPhases() {
        ArrivalProcess bursts = new ArrivalProcess.OnOff(9_000, 1_000, 2_000_000, 6_000_000);
        assertThat(rate(bursts)).isCloseTo(3_000, Percentage.withPercentage(4));
        ArrivalProcess silent = new ArrivalProcess.OnOff(8_000, 0, 2_000_000, 6_000_000);
        assertThat(rate(silent)).isCloseTo(2_000, Percentage.withPercentage(4));
    }

    private static double rate(ArrivalProcess process) {
        ArrivalSampler sampler = new ArrivalSampler(process, random(), 1_000);
        long last = 1_000;
        for (int i = 0; i < DRAWS; i++) {
            long next = sampler.next();
            assertThat(next).isGreaterThanOrEqualTo(last);
            last = next;
        }
        return DRAWS / (last / 1e9);
    }

    @Test
    void periodic_isExact() {
        ArrivalSampler sampler = new ArrivalSampler(new ArrivalProcess.Periodic(100, 7), random(), 1_000);
        assertThat(Stream.generate(sampler::next).limit(3)).containsExactly(1_007L, 1_107L, 1_207L);
    }

    @Test
    void closedLoop_hasNoTimesOfItsOwn() {
        ArrivalSampler sampler = new ArrivalSampler(new ArrivalProcess.ClosedLoop(3, 0), random(), 0);
        assertThatThrownBy(sampler::next).hasMessageContaining("3 clients");
    }
}
