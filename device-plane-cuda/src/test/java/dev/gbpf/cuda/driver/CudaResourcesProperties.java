package dev.gbpf.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the driver refuses, and in whatever order things are used: nothing stays open, and nothing closed is used. */
class CudaResourcesProperties {
    private static final int ACTIONS = 14;
    private static final int MOST_CALLS = 120;

    @Provide
    Arbitrary<List<Integer>> actions() {
        return Arbitraries.integers().between(0, ACTIONS - 1).list().ofMaxSize(25);
    }

    @Provide
    Arbitrary<Set<Integer>> failures() {
        return Arbitraries.integers().between(1, MOST_CALLS).set().ofMaxSize(3);
    }

    @Property(tries = 500)
    void anyCallsFail_afterClose_nothingIsOpen(
            @ForAll("actions") List<Integer> actions, @ForAll("failures") Set<Integer> failures) {
        FakeDriver fake = new FakeDriver(failures);
        CudaContext context = null;
        try {
            context = new CudaDriver(fake).context(0);
        } catch (CudaException e) {
            assertThat(e.code()).isEqualTo(FakeDriver.FAILURE);
        }
        if (context != null) {
            try (Session session = new Session(context)) {
                for (int action : actions) {
                    session.attempt(action);
                }
                assertThat(context.openResources()).isLessThanOrEqualTo(fake.openResources());
            }
            assertThat(context.openResources()).isZero();
        }
        assertThat(fake.violations).isEmpty();
        assertThat(fake.retained()).isZero();
        // What the driver would not let us into the context to close goes with the context.
        assertThat(fake.openResources()).isLessThanOrEqualTo(fake.refusedCloses);
        if (failures.stream().allMatch(call -> call > fake.calls())) {
            assertThat(fake.openResources()).isZero();
        }
    }

    /** An application: it makes, uses and closes things, goes on after errors, and forgets some. */
    private static final class Session implements AutoCloseable {
        private final CudaContext context;
        private final List<CudaResource> made = new ArrayList<>();

        Session(CudaContext context) {
            this.context = context;
        }

        void attempt(int action) {
            try {
                run(action);
            } catch (CudaException e) {
                assertThat(e.code()).isEqualTo(FakeDriver.FAILURE);
                assertThat(e.remedy()).isNotEmpty();
            }
        }

        private void run(int action) {
            switch (action) {
                case 0 -> made.add(context.deviceMemory(100));
                case 1 -> made.add(context.pinnedMemory(100));
                case 2 -> made.add(context.stream());
                case 3 -> made.add(context.event());
                case 4 -> made.add(context.module("m", new byte[1]));
                case 5 -> made.add(context.linkedModule("m", List.of(), 0));
                case 6 -> last().ifPresent(CudaResource::close);
                case 7 -> {
                    if (!made.isEmpty()) {
                        made.getFirst().close();
                        made.getFirst().close();
                    }
                }
                case 8 -> context.synchronize();
                case 9 -> {
                    try (CudaStream stream = context.stream(-1);
                            DeviceMemory memory = context.deviceMemory(DeviceMemory.CLEAR_BYTES + 5L)) {
                        memory.range().clear(stream);
                        stream.synchronize();
                    }
                }
                case 10 -> {
                    try (CudaModule module = context.module("m", new byte[1]);
                            CudaStream stream = context.stream();
                            CudaEvent event = context.event()) {
                        module.function("f").launch(LaunchShape.of(1, 32), stream, 1, 2L);
                        event.record(stream);
                        stream.waitFor(event);
                        event.synchronize();
                    }
                }
                case 11 -> made.add(context.library("l", new byte[1]));
                case 12 -> {
                    try (CudaLibrary library = context.library("l", new byte[1])) {
                        assertThat(library.global("v").bytes()).isEqualTo(8);
                    }
                }
                default -> assertThat(context.freeBytes()).isPositive();
            }
        }

        private Optional<CudaResource> last() {
            return made.isEmpty() ? Optional.empty() : Optional.of(made.removeLast());
        }

        @Override
        public void close() {
            try {
                context.close();
            } catch (CudaException e) {
                assertThat(e.code()).isEqualTo(FakeDriver.FAILURE);
            }
            context.close();
            made.forEach(resource -> assertThat(resource.isClosed()).isTrue());
            made.forEach(CudaResource::close);
        }
    }
}
