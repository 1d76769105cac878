package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.cpu.TaskLibrary;
import dev.gbpf.cuda.layout.PlaneLayout;
import dev.gbpf.cuda.layout.TaskFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A runtime on the CPU with the functions of {@code test_tasks.cu}, and what they counted. */
final class TestPlane implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration LAUNCH = Duration.ofSeconds(60);
    static final List<String> FUNCTIONS = List.of("mark", "sum_of_descriptor", "fails", "stuck", "tree");
    private static final int SEEN = 1 << 20;

    final DeviceRuntime runtime;
    private final Backend backend;
    private final MemorySegment words;

    private TestPlane(DeviceRuntime runtime, Backend backend, MemorySegment words) {
        this.runtime = runtime;
        this.backend = backend;
        this.words = words;
        words.fill((byte) 0);
    }

    /** Its parameters are small: two tenants with a compact ring each, ring 2 for full tasks of tenant 1, a mailbox, records. */
    static TestPlane open(Path tasks, UnaryOperator<PlaneParams.Builder> change) {
        TaskLibrary library = TaskLibrary.open(tasks);
        long address = library.variable("test_words").orElseThrow();
        MemorySegment words = MemorySegment.ofAddress(address).reinterpret(32 + SEEN);
        CpuBackend backend = CpuBackend.open(List.of(library), FUNCTIONS);
        PlaneParams.Builder params = PlaneParams.builder(backend)
                .tenants(2)
                .ringCapacity(1024)
                .localCapacity(256)
                .refresh(Duration.ofNanos(20_000))
                .compactRing(0, 512)
                .compactRing(1, 512)
                .fullRing(1, 512)
                .mailboxes(1)
                .completions(1024);
        return new TestPlane(DeviceRuntime.open(backend, change.apply(params).build()), backend, words);
    }

    static TestPlane open(Path tasks) {
        return open(tasks, params -> params);
    }

    long head(String function, int flags) {
        return CompactTaskRing.head(runtime.functions().number(function), flags);
    }

    /** Tasks {@code first} to {@code first + count - 1} of the function mark, by this ring; some lane tasks, some warp tasks. */
    void feed(CompactTaskRing ring, int first, int count) {
        long lane = head("mark", TaskFlags.LANE);
        long warp = head("mark", TaskFlags.WARP);
        int done = 0;
        while (done < count) {
            int got = ring.claim(Math.min(100, count - done), PATIENCE);
            assertThat(got).isPositive();
            for (int i = 0; i < got; i++) {
                int number = first + done + i;
                ring.put(i, number % 3 == 0 ? warp : lane, 1, number);
            }
            ring.publish(got);
            done += got;
        }
    }

    long ran() {
        return words.get(ValueLayout.JAVA_LONG, 0);
    }

    long sum() {
        return words.get(ValueLayout.JAVA_LONG, 8);
    }

    long twice() {
        return words.get(ValueLayout.JAVA_LONG, 16);
    }

    /** The share that the last tick gave a tenant in vSlice 0. */
    int share(int tenant) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(Long.BYTES);
            backend.plane().read(PlaneLayout.ACCOUNTS_ADDRESS + Long.BYTES, word); // grants_address
            long grants = word.get(ValueLayout.JAVA_LONG, 0);
            backend.plane().read(grants - backend.plane().address() + tenant * 64L + Long.BYTES, word);
            return word.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Lets the tasks of stuck go. */
    void letGo() {
        words.set(ValueLayout.JAVA_INT, 24, 1);
    }

    @Override
    public void close() {
        letGo();
        runtime.close();
    }
}
