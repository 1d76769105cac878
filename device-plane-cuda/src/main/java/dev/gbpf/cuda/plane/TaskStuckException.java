package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.plane.RuntimeStatus.SlowTask;
import org.jspecify.annotations.Nullable;

/** The kernel did not leave in time: a task function does not come back, which nothing can interrupt, or there is much to drain. */
public final class TaskStuckException extends RuntimeException {
    private final transient @Nullable SlowTask task;

    TaskStuckException(String wanted, @Nullable SlowTask task) {
        super(wanted + ": "
                + (task == null
                        ? "tasks are left; wait longer, or stop, which keeps them for the next launch"
                        : "the task " + task + ", does not come back; end the process, and mend the function"));
        this.task = task;
    }

    /** The task that runs longest, when one runs for more than 1 ms. */
    public @Nullable SlowTask task() {
        return task;
    }
}
