package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.isa.Width;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Contexts of hooks, as values of their fields by name; each in the range that the interface promises. */
public final class ContextArbitraries {
    /** Times and amounts beyond this are rare in practice: contexts are mostly below, so that sums do not wrap around. */
    private static final long USUAL = 1L << 40;

    private ContextArbitraries() {}

    /** Contexts of a hook with all of its input fields; the ends of ranges and small numbers are frequent. */
    public static Arbitrary<Map<String, Long>> of(Hook hook) {
        List<ContextField> inputs =
                hook.context().fields().stream().filter(f -> !f.writable()).toList();
        return Combinators.combine(
                        inputs.stream().map(ContextArbitraries::valueOf).toList())
                .as(values -> {
                    Map<String, Long> fields = new TreeMap<>();
                    for (int i = 0; i < inputs.size(); i++) {
                        fields.put(inputs.get(i).name(), values.get(i));
                    }
                    fields.computeIfPresent("deadline_ns", (name, deadline) -> possible(deadline, fields));
                    return fields;
                });
    }

    /** A job's deadline is later than its submission, or there is none. */
    private static long possible(long deadline, Map<String, Long> fields) {
        long submitted = fields.getOrDefault("submitted_ns", fields.getOrDefault("now_ns", 0L));
        return deadline > submitted ? deadline : 0;
    }

    /** Values of one field. */
    public static Arbitrary<Long> valueOf(ContextField field) {
        long min = field.min();
        long max = field.width() == Width.W ? Math.min(field.max(), 0xFFFF_FFFFL) : field.max();
        if (min < 0 || max < 0) {
            return Arbitraries.longs();
        }
        Arbitrary<Long> any = Arbitraries.longs().between(min, max);
        long usual = Math.min(max, Math.max(min, USUAL));
        return Arbitraries.frequencyOf(Tuple.of(8, Arbitraries.longs().between(min, usual)), Tuple.of(1, any));
    }
}
