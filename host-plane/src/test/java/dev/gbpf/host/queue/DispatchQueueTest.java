package dev.gbpf.host.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.queue.DispatchQueue.Order;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DispatchQueueTest {
    private static final JobSpec SPEC = new JobSpec(JobKind.KERNEL, 1, 10, 10, 0, 0, 0, 0, 0, 0);

    private static Job job(long id) {
        return new Job(id, new JobStream(id, new Tenant(0, "t", 1, 0)), SPEC, 0);
    }

    /** Each step inserts a job with a vtime, or (negative) removes the job at a position of the model. */
    @Property(tries = 500)
    void anyOrder_agreesWithASortedList(
            @ForAll @Size(max = 200) List<@IntRange(min = -40, max = 60) Integer> steps, @ForAll boolean vtimeOrdered) {
        DispatchQueue queue = new DispatchQueue(1, vtimeOrdered ? Order.VTIME : Order.FIFO, new MemoryGate());
        List<Job> model = new ArrayList<>();
        long sequence = 0;
        for (int step : steps) {
            if (step >= 0) {
                Job job = job(sequence);
                // -1 - step is a huge unsigned vtime: the order is unsigned.
                queue.insert(job, step % 3 == 0 ? -1 - step : step, sequence++);
                model.add(job);
            } else if (!model.isEmpty()) {
                Job job = model.remove(-step % model.size());
                queue.remove(job);
                assertThat(job.queue()).isNull();
            }
            if (vtimeOrdered) {
                model.sort((a, b) -> {
                    int byVtime = Long.compareUnsigned(a.vtime(), b.vtime());
                    return byVtime != 0 ? byVtime : Long.compare(a.id(), b.id());
                });
            }
            assertThat(queue.length()).isEqualTo(model.size());
            assertThat(queue.head()).isSameAs(model.isEmpty() ? null : model.getFirst());
        }
        for (Job expected : model) {
            assertThat(queue.head()).isSameAs(expected);
            queue.remove(expected);
        }
        assertThat(queue.head()).isNull();
    }

    @Test
    void insert_ofAWaitingJob_isRefused() {
        Job job = job(1);
        new DispatchQueue(1, Order.FIFO, new MemoryGate()).insert(job, 0, 0);
        assertThatThrownBy(() -> new DispatchQueue(2, Order.VTIME, new MemoryGate()).insert(job, 0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("waits in dispatch queue 1");
    }

    @Test
    void remove_fromAnotherQueue_isRefused() {
        Job job = job(1);
        new DispatchQueue(1, Order.FIFO, new MemoryGate()).insert(job, 0, 0);
        assertThatThrownBy(() -> new DispatchQueue(2, Order.FIFO, new MemoryGate()).remove(job))
                .isInstanceOf(IllegalStateException.class);
    }
}
