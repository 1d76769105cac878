package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.DispatchQueue.Order;
import dev.gbpf.host.queue.MemoryGate;
import java.util.LinkedHashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DispatchQueuesTest {
    @Property(tries = 200)
    void find_afterCreatingQueuesOfAnyIds_findsThoseAndNoOthers(
            @ForAll("ids") Set<Integer> ids, @ForAll("ids") Set<Integer> others) {
        MemoryGate gate = new MemoryGate();
        DispatchQueue global = new DispatchQueue((int) Constants.DSQ_GLOBAL, Order.FIFO, gate);
        DispatchQueues queues = new DispatchQueues(global, gate);
        ids.forEach(id -> assertThat(queues.create(id, Constants.DSQ_VTIME, null))
                .as("%d", id)
                .isZero());
        assertThat(queues.own()).extracting(DispatchQueue::id).containsExactlyElementsOf(ids);
        queues.own().forEach(queue -> assertThat(queues.find(queue.id())).isSameAs(queue));
        assertThat(queues.find(Constants.DSQ_GLOBAL)).isSameAs(global);
        Set<Integer> missing = new LinkedHashSet<>(others);
        missing.removeAll(ids);
        missing.forEach(id -> assertThat(queues.find(id)).as("%d", id).isNull());
        assertThat(queues.find(-1)).isNull();
        assertThat(queues.find(1L << 32 | 1)).isNull();
    }

    @Provide
    Arbitrary<Set<Integer>> ids() {
        Arbitrary<Integer> id = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 40),
                Arbitraries.of(255, 256, 512, 1022, 1023, 1024, 1025, Integer.MAX_VALUE),
                Arbitraries.integers().greaterOrEqual(1));
        return id.set().ofMaxSize(30).map(LinkedHashSet::new);
    }
}
