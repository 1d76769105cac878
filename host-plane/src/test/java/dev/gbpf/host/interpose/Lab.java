package dev.gbpf.host.interpose;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.live.LiveStatus;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A plane for applications in real time, processes that attach to it, and what it told its log and its listener. */
final class Lab implements AutoCloseable {
    static final List<Tenant> TENANTS = List.of(new Tenant(0, "chat", 3, 10), new Tenant(1, "training", 1, 0));

    final Queue<String> log = new ConcurrentLinkedQueue<>();
    final Queue<Long> retiredNs = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final LiveApplications live;
    final Path path;
    private final MapRegistry maps = new MapRegistry();

    Lab(Path folder) throws IOException {
        this(folder, 64);
    }

    Lab(Path folder, int places) throws IOException {
        this.path = folder.resolve("s.attach");
        this.live = new LiveApplications(
                new Gpu("fake", 132, 1L << 37, places),
                TENANTS,
                1,
                FailsafeConfig.DEFAULTS,
                new PlaneListener() {
                    @Override
                    public void retired(Job job, long runNs, boolean failed, long nowNs) {
                        retiredNs.add(runNs);
                    }
                },
                log::add);
        live.plane().start();
        live.plane().whenEnded(failure -> {
            if (failure != null) {
                failures.add(failure);
            }
        });
        live.listen(path, null);
    }

    FakeProcess attach(ApplicationClass kind, String tenant) {
        return FakeProcess.attach(path, kind, tenant);
    }

    <T extends @Nullable Object> T ask(Function<PolicyPlane, T> action) {
        try {
            return live.plane().ask(action).get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A number, on the plane's thread. */
    long count(ToLongFunction<PolicyPlane> number) {
        return ask(number::applyAsLong);
    }

    LiveStatus status() {
        try {
            return live.status().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    long usedNs(int tenant) {
        return count(_ -> live.device().usedNs(tenant));
    }

    boolean isBusy(int tenant) {
        return count(_ -> live.device().isBusy(tenant) ? 1 : 0) == 1;
    }

    /** Jobs that wait, and that run. */
    long jobs() {
        return count(plane -> plane.running() + plane.queued());
    }

    /** A policy decides from here on; its text, without its name. */
    SwapOutcome policy(String name, String text) {
        CompileResult result = PolicyCompiler.compile(new SourceFile("p.gbpf", "policy " + name + ";\n" + text));
        if (!(result instanceof CompileResult.Compiled compiled)) {
            throw new AssertionError(result);
        }
        if (!(new ImageLoader(maps).load(compiled.object()) instanceof LoadResult.Loaded loaded)) {
            throw new AssertionError("rejected");
        }
        return ask(plane -> plane.activate(loaded.image(), ActivationReason.SWAP));
    }

    void bypass() {
        ask(plane -> plane.bypass("test"));
    }

    @Override
    public void close() {
        live.close();
        maps.close();
        if (!failures.isEmpty()) {
            throw new AssertionError("the plane failed", failures.peek());
        }
    }
}
