package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.workload.JobOwner;
import org.jspecify.annotations.Nullable;

/**
 * The device's part of a stream: whether one of its jobs has its turn, and the started ones that wait for theirs. It also keeps
 * who submits to the stream, for the simulation.
 */
final class DeviceStream {
    final @Nullable JobOwner owner;
    /** The kernel of the job that has its turn, while it runs alone. */
    @Nullable
    DeviceExecution running;

    private @Nullable StartedJob turn;
    private @Nullable StartedJob head;
    private @Nullable StartedJob tail;
    private int followers;

    DeviceStream(@Nullable JobOwner owner) {
        this.owner = owner;
    }

    /** The state of a stream; made now when the stream was not opened by a simulation. */
    static DeviceStream of(JobStream stream) {
        if (stream.deviceState() instanceof DeviceStream known) {
            return known;
        }
        DeviceStream made = new DeviceStream(null);
        stream.deviceState(made);
        return made;
    }

    /** Gives the job its turn, or puts it behind the others. */
    void enter(StartedJob job) {
        if (turn == null) {
            turn = job;
            job.first = true;
            return;
        }
        followers++;
        if (tail == null) {
            head = job;
        } else {
            tail.next = job;
        }
        tail = job;
    }

    /** How many started jobs wait for their turn. */
    int followers() {
        return followers;
    }

    /** Whether started jobs wait for their turn. */
    boolean hasFollowers() {
        return head != null;
    }

    /**
     * The job that had its turn is over: gives it to the next one, which is returned, or null when none waits.
     *
     * @throws IllegalStateException when it was another job's turn
     */
    @Nullable
    StartedJob advance(Job over) {
        if (turn == null || turn.job != over) {
            throw new IllegalStateException(over + " is over, but it was not its turn in stream "
                    + over.stream().id());
        }
        StartedJob following = head;
        turn = following;
        if (following == null) {
            return null;
        }
        followers--;
        head = following.next;
        if (head == null) {
            tail = null;
        }
        following.next = null;
        following.first = true;
        return following;
    }
}
