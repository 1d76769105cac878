package dev.gbpf.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Contexts, memory and launches against a driver without a GPU. */
class CudaContextTest {
    private final FakeDriver fake = new FakeDriver(Set.of());

    @Test
    void devices_areDescribed() {
        List<CudaDevice> devices = new CudaDriver(fake).devices();
        assertThat(devices).hasSize(2);
        CudaDevice first = devices.getFirst();
        assertThat(first.name()).isEqualTo("Fake GPU");
        assertThat(first.uuid())
                .startsWith("GPU-00010203-0405-0607-0809-0a0b0c0d0e")
                .hasSize(40);
        assertThat(first.sms()).isEqualTo(DeviceAttribute.SMS.number());
        assertThat(first.migInstance()).isFalse();
        assertThat(new CudaDriver(fake).version()).isEqualTo("13.0");
    }

    @Test
    void gpu_isNamedByNumberOrByAnUnambiguousUuid() {
        List<CudaDevice> devices = new CudaDriver(fake).devices();
        assertThat(CudaDriver.ordinal(devices, "1")).hasValue(1);
        assertThat(CudaDriver.ordinal(devices, devices.get(1).uuid())).hasValue(1);
        assertThat(CudaDriver.ordinal(devices, "GPU-0001")).isEmpty();
        assertThat(CudaDriver.ordinal(devices, "2")).isEmpty();
        assertThat(CudaDriver.ordinal(devices, "")).isEmpty();
    }

    @Test
    void memory_isClearedAndCopied() {
        try (CudaContext context = new CudaDriver(fake).context(0);
                CudaStream stream = context.stream();
                PinnedMemory host = context.pinnedMemory(64);
                DeviceMemory device = context.deviceMemory(3 * DeviceMemory.CLEAR_BYTES + 7L)) {
            MemorySegment segment = MemorySegment.ofAddress(device.address()).reinterpret(device.bytes());
            assertThat(segment.get(ValueLayout.JAVA_BYTE, 0)).isNotZero();
            device.range().clear(stream);
            assertThat(segment.mismatch(MemorySegment.ofArray(new byte[(int) device.bytes()])))
                    .isEqualTo(-1);
            assertThat(host.segment().mismatch(MemorySegment.ofArray(new byte[64])))
                    .isEqualTo(-1);
            host.segment().set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 0x1234_5678_9abcL);
            device.range().slice(100, 8).copyFrom(host, 8, stream);
            assertThat(segment.get(ValueLayout.JAVA_LONG_UNALIGNED, 100)).isEqualTo(0x1234_5678_9abcL);
            device.range().slice(100, 8).copyTo(host, 16, stream);
            assertThat(host.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, 16)).isEqualTo(0x1234_5678_9abcL);
            assertThatThrownBy(() -> device.range().slice(device.bytes() - 1, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> device.range().slice(0, 65).copyTo(host, 0, stream))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(fake.violations).isEmpty();
        assertThat(fake.openResources()).isZero();
    }

    @Test
    void closedThings_areNotUsed() {
        CudaContext context = new CudaDriver(fake).context(0);
        PinnedMemory memory = context.pinnedMemory(8);
        CudaStream stream = context.stream();
        stream.close();
        assertThatThrownBy(stream::synchronize)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("CudaStream is closed");
        context.close();
        assertThatThrownBy(memory::segment).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(context::stream)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the context is closed");
        assertThat(fake.violations).isEmpty();
    }

    @Test
    void sizes_outOfRange_areRefused() {
        try (CudaContext context = new CudaDriver(fake).context(0)) {
            assertThatThrownBy(() -> context.pinnedMemory(1L << 31)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> context.deviceMemory(0)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> LaunchShape.of(1, 1025)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LaunchShape.of(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void arguments_ofOtherKinds_areRefused() {
        try (CudaContext context = new CudaDriver(fake).context(0);
                CudaModule module = context.module("m", new byte[1]);
                CudaStream stream = context.stream()) {
            CudaFunction function = module.function("f");
            function.launch(LaunchShape.of(1, 1), stream, 1, 2L, new byte[3]);
            assertThatThrownBy(() -> function.launch(LaunchShape.of(1, 1), stream, "text"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("f was given a String; arguments are Integer, Long or byte[]");
        }
    }

    @Test
    void eventTimes_areDurations() {
        try (CudaContext context = new CudaDriver(fake).context(0);
                CudaEvent from = context.event();
                CudaEvent to = context.event()) {
            assertThat(to.since(from)).isEqualTo(Duration.ofNanos(1_500_000));
        }
    }

    @Test
    void close_withSeveralErrors_reportsAllOfThem() {
        FakeDriver failing = new FakeDriver(Set.of());
        CudaContext counted = new CudaDriver(failing).context(0);
        counted.stream();
        int before = failing.calls();
        counted.close();
        int calls = failing.calls() - before;

        FakeDriver all = new FakeDriver(
                IntStream.rangeClosed(before + 1, before + calls).boxed().collect(Collectors.toSet()));
        CudaContext context = new CudaDriver(all).context(0);
        context.stream();
        assertThatThrownBy(context::close)
                .isInstanceOf(CudaException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).isNotEmpty());
        assertThat(all.retained()).isZero();
        assertThat(context.openResources()).isZero();
    }
}
