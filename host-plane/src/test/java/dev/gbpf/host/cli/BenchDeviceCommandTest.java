package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BenchDeviceCommandTest {
    @Test
    void number_showsWhatIsNotZero() {
        assertThat(BenchDeviceCommand.number(0)).isEqualTo("0.00");
        assertThat(BenchDeviceCommand.number(0.001234)).isEqualTo("0.0012");
        assertThat(BenchDeviceCommand.number(2.639)).isEqualTo("2.64");
        assertThat(BenchDeviceCommand.number(904_273.4)).isEqualTo("904273");
    }
}
