package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EventQueueTest {
    private record Timer(long timeNs, long sequence) {}

    /** Numbers above 0 add a timer at that time, others take the first out. */
    @Property(tries = 500)
    void timers_fireByTimeAndThenByInsertion(@ForAll List<@IntRange(min = -10, max = 10) Integer> operations) {
        EventQueue queue = new EventQueue();
        List<Timer> model = new ArrayList<>();
        List<Timer> fired = new ArrayList<>();
        List<Timer> expected = new ArrayList<>();
        long sequence = 0;
        for (int operation : operations) {
            if (operation > 0) {
                model.add(new Timer(operation, sequence));
                queue.add(operation, (nowNs, payload) -> fired.add(new Timer(nowNs, payload)), sequence++);
            } else if (!model.isEmpty()) {
                Timer first = model.stream()
                        .min(Comparator.comparingLong(Timer::timeNs).thenComparingLong(Timer::sequence))
                        .orElseThrow();
                model.remove(first);
                expected.add(first);
                queue.fireFirst(queue.nextNs());
            }
            assertThat(queue.size()).isEqualTo(model.size());
        }
        assertThat(fired).isEqualTo(expected);
    }
}
