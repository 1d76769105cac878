package dev.gbpf.host.sim;

import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A device and jobs of all kinds, drawn from a seed: small, crowded and full of coincidences. */
final class RandomScenario implements Workload {
    private record Arrival(long timeNs, int stream, JobSpec spec) {}

    static final long MEMORY = 1000;

    private final SplittableRandom random;
    private final DeviceModel model;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final int streams;

    RandomScenario(long seed) {
        this.random = new SplittableRandom(seed);
        this.model = drawModel();
        this.streams = 1 + random.nextInt(8);
        int jobs = 1 + random.nextInt(60);
        long timeNs = 0;
        for (int i = 0; i < jobs; i++) {
            // Often at the same instant as the one before.
            timeNs += random.nextInt(3) == 0 ? random.nextInt(400) : 0;
            arrivals.add(new Arrival(timeNs, random.nextInt(streams), drawSpec()));
        }
    }

    DeviceModel model() {
        return model;
    }

    int jobs() {
        return arrivals.size();
    }

    private DeviceModel drawModel() {
        List<VsliceSpec> vslices = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int v = 0; v < count; v++) {
            vslices.add(new VsliceSpec("v" + v, 1 + random.nextInt(50), 1 + random.nextInt(12)));
        }
        List<BatchClass> classes = new ArrayList<>();
        int classCount = random.nextInt(3);
        for (int c = 0; c < classCount; c++) {
            classes.add(new BatchClass(
                    "c" + c,
                    1 + random.nextInt(200),
                    1 + random.nextInt(5),
                    1 + random.nextInt(60),
                    random.nextInt(1001)));
        }
        return new DeviceModel(
                "random",
                200,
                MEMORY,
                random.nextBoolean() ? 0 : random.nextInt(60),
                new CopyEngineSpec(1_000_000_000L, random.nextInt(20)),
                new CopyEngineSpec(3_000_000_000L, 0),
                random.nextInt(3) * 1000,
                vslices,
                classes);
    }

    private JobSpec drawSpec() {
        int kind = random.nextInt(10);
        if (kind < 2) {
            JobKind direction = kind == 0 ? JobKind.COPY_H2D : JobKind.COPY_D2H;
            return new JobSpec(direction, 0, 0, 0, random.nextInt(300), 0, 0, 0, 0, 0);
        }
        long workNs = random.nextInt(500);
        if (kind < 5 && !model.batchClasses().isEmpty()) {
            int batchClass = 1 + random.nextInt(model.batchClasses().size());
            return new JobSpec(JobKind.KERNEL, 1, workNs, workNs, 0, 0, 0, batchClass, 0, 0);
        }
        long bytes = random.nextInt(3) == 0 ? random.nextLong(MEMORY + 1) : 0;
        int width = 1 + random.nextInt(80);
        return new JobSpec(JobKind.KERNEL, width, workNs, workNs, bytes, bytes, 0, 0, random.nextInt(1001), 0);
    }

    @Override
    public void start(WorkloadContext context) {
        List<JobStream> opened = new ArrayList<>();
        for (int s = 0; s < streams; s++) {
            opened.add(context.openStream(new Tenant(s, "tenant-" + s, 1, 0), (job, end, nowNs) -> {}));
        }
        for (Arrival a : arrivals) {
            context.schedule(a.timeNs(), (nowNs, payload) -> context.submit(opened.get(a.stream()), a.spec()), 0);
        }
    }
}
