package dev.gbpf.host.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JobSpecTest {
    @Test
    void kernelWithoutWidth_isRefused() {
        assertThatThrownBy(() -> new JobSpec(JobKind.KERNEL, 0, 1, 1, 0, 0, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("width=0");
    }

    @Test
    void negativeAmount_isRefusedWithItsName() {
        assertThatThrownBy(() -> new JobSpec(JobKind.KERNEL, 1, 1, -1, 0, 0, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workNs=-1");
        assertThatThrownBy(() -> new JobSpec(JobKind.COPY_H2D, 0, 1, 1, -5, 0, 0, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes=-5");
    }
}
