package dev.gbpf.host.map;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Copies the contents of a map into an empty one of the same definition. */
final class MapCopy {
    private MapCopy() {}

    /**
     * Copies each entry, one version of it each. Entries that others change meanwhile may be of before or after. Records of a
     * ring buffer are for those who read them, and are not copied; which entries of an LRU hash are old is not copied either.
     */
    static void copy(BpfMap from, BpfMap to) {
        switch (from) {
            case PerCpuArrayMap each -> {
                for (int cpu = 0; cpu < each.cpus(); cpu++) {
                    putAll(each.onCpu(cpu), to.onCpu(cpu));
                }
            }
            case QueueMap queue -> {
                List<byte[]> values = new ArrayList<>();
                queue.forEach((_, value) -> values.add(value));
                if (queue.isStack()) {
                    Collections.reverse(values);
                }
                values.forEach(value -> ((QueueMap) to).push(value, BpfMap.ANY));
            }
            case RingBufferMap _ -> {}
            case CountersMap counters -> ((CountersMap) to).takeSums(counters);
            case ArrayMap array -> putAll(array, to);
            case HashTableMap table -> putAll(table, to);
        }
    }

    private static void putAll(BpfMap from, BpfMap to) {
        from.forEach((key, value) -> to.put(key, value, BpfMap.ANY));
    }
}
