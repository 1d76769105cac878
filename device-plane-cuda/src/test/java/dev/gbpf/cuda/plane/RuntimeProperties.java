package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.layout.TaskFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Whatever an application does in whatever order: each task that went in runs once. */
class RuntimeProperties {
    private static @Nullable Path folder;
    private static @Nullable Path tasks;

    @BeforeContainer
    static void compile() throws IOException, InterruptedException {
        if (NativeBuild.current().cpu().built()) {
            folder = Files.createTempDirectory("gbpf-test");
            tasks = TestTasks.compile(folder);
        }
    }

    @AfterContainer
    static void delete() throws IOException {
        if (folder != null) {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    /** Something that an application does; {@code n} says how much. */
    record Action(Kind kind, int n) {}

    enum Kind {
        FEED,
        FEED_OTHER,
        FEED_FULL,
        SPAWN,
        CALL,
        START_OR_STOP,
        CONFIGURE
    }

    @Provide
    Arbitrary<List<Action>> actions() {
        return Arbitraries.of(Kind.class)
                .flatMap(kind -> Arbitraries.integers().between(1, 400).map(n -> new Action(kind, n)))
                .list()
                .ofMaxSize(25);
    }

    @Property(tries = 12)
    void actionsOfAnyKind_runEachTaskOnce(@ForAll("actions") List<Action> actions) {
        if (tasks == null) {
            return;
        }
        try (TestPlane plane = TestPlane.open(tasks)) {
            Model model = new Model(plane);
            actions.forEach(model::run);
            model.end();
        }
    }

    private static final class Model {
        private final TestPlane plane;
        private final DeviceRuntime runtime;
        private int marked;
        private long ran;

        Model(TestPlane plane) {
            this.plane = plane;
            this.runtime = plane.runtime;
        }

        void run(Action action) {
            switch (action.kind()) {
                case FEED -> feed(runtime.compactRing(0), action.n());
                case FEED_OTHER -> feed(runtime.compactRing(1), action.n());
                case FEED_FULL -> feedFull(action.n());
                case SPAWN -> {
                    int height = action.n() % 9;
                    int tree = runtime.functions().number("tree");
                    if (runtime.compactRing(0).offer(plane.head("tree", TaskFlags.LANE), height, tree)) {
                        ran += (2L << height) - 1;
                    }
                }
                case CALL -> {
                    if (runtime.isRunning()) {
                        Mailbox mailbox = runtime.mailbox(0);
                        int flags = TaskFlags.WARP | (action.n() % 2 == 0 ? TaskFlags.URGENT : 0);
                        long ns = TestPlane.PATIENCE.toNanos();
                        assertThat(mailbox.call(plane.head("mark", flags), 0, 1, marked, ns))
                                .isTrue();
                        assertThat(mailbox.result()).isEqualTo(marked + 1L);
                        marked++;
                        ran++;
                    }
                }
                case START_OR_STOP -> {
                    if (runtime.isRunning()) {
                        assertThat(runtime.stop(TestPlane.PATIENCE)).isEqualTo(LaunchState.LEFT);
                    } else {
                        runtime.start(TestPlane.LAUNCH);
                    }
                }
                case CONFIGURE ->
                    runtime.configure(action.n() % 2, TenantConfig.usual().withWeight(action.n()));
            }
        }

        private void feed(CompactTaskRing ring, int wanted) {
            int got = ring.claim(wanted);
            for (int i = 0; i < got; i++) {
                int flags =
                        marked % 3 == 0 ? TaskFlags.LANE : TaskFlags.WARP | (marked % 3 == 1 ? TaskFlags.URGENT : 0);
                ring.put(i, plane.head("mark", flags), 1, marked++);
            }
            ring.publish(got);
            ran += got;
        }

        private void feedFull(int wanted) {
            FullTaskRing ring = runtime.fullRing(2);
            int got = ring.claim(wanted);
            for (int i = 0; i < got; i++) {
                ring.put(i, runtime.functions().number("mark"), TaskFlags.WARP, 0, 0, 0);
                ring.argument(i, 1, marked++);
            }
            ring.publish(got);
            ran += got;
        }

        void end() {
            if (!runtime.isRunning()) {
                runtime.start(TestPlane.LAUNCH);
            }
            assertThat(runtime.drain(TestPlane.PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(ran);
            assertThat(plane.twice()).isZero();
            RuntimeStatus status = runtime.status();
            assertThat(status.misused()).isZero();
            assertThat(status.tenants().stream()
                            .mapToLong(RuntimeStatus.TenantStatus::finished)
                            .sum())
                    .isLessThanOrEqualTo(ran);
        }
    }
}
