package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.plane.RuntimeStatus.SlowTask;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The kernel did not leave in time: a task function does not come back, which nothing can interrupt, or there is much to drain. */
public final class TaskStuckException extends RuntimeException {
    private final transient @Nullable SlowTask task;

    /**
     * @param wanted what did not happen
     * @param queued tasks that wait on the device, of each tenant
     */
    TaskStuckException(String wanted, @Nullable SlowTask task, List<Long> queued) {
        super(wanted + ": "
                + (task == null
                        ? "tasks are left" + waiting(queued)
                                + "; wait longer, or stop, which keeps them for the next launch"
                        : "the task " + task + ", does not come back; end the process, and mend the function"));
        this.task = task;
    }

    private static String waiting(List<Long> queued) {
        String tenants = IntStream.range(0, queued.size())
                .filter(tenant -> queued.get(tenant) != 0)
                .mapToObj(tenant -> queued.get(tenant) + " of tenant " + tenant)
                .collect(Collectors.joining(", "));
        return tenants.isEmpty() ? "" : " in rings: " + tenants;
    }

    /** The task that runs longest, when one runs for more than 1 ms. */
    public @Nullable SlowTask task() {
        return task;
    }
}
