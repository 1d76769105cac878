package dev.gbpf.verifier.adversarial;

import dev.gbpf.isa.Program;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.platform.ProgramType;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Prints what the full sizes of {@link HostileProgram} cost with the default limits, as a table in Markdown. Argument: names, to
 * measure those alone. The heap is the most that was in use, garbage included, so run it with a heap that is not much larger
 * than needed ({@code -XX:+UseSerialGC -Xmx3g}).
 */
final class AdversarialReport {
    private static final ProgramType TYPE = new ProgramType(
            "hostile",
            null,
            Fixture.TYPE.context(),
            Fixture.TYPE.verdict(),
            ProgramType.NO_BUDGET,
            Fixture.TYPE.helpers());

    private AdversarialReport() {}

    public static void main(String[] arguments) {
        System.out.println("| program | size | instructions | verdict | processor time | steps | counted | heap |");
        System.out.println("|---|---:|---:|---|---:|---:|---:|---:|");
        for (HostileProgram shape : HostileProgram.values()) {
            if (arguments.length == 0 || List.of(arguments).contains(shape.name())) {
                measure(shape, false);
                measure(shape, true);
            }
        }
    }

    private static void measure(HostileProgram shape, boolean faulty) {
        Program program = shape.ofSize(shape.full(), faulty);
        System.gc();
        long before = heap();
        resetPeaks();
        long start = processorNanos();
        AnalysisResult result = new Verifier().analyse(program, TYPE, Fixture.MAPS);
        double seconds = (processorNanos() - start) / 1e9;
        String verdict = result.isAccepted()
                ? "accepted"
                : result.violations().stream()
                        .map(Violation::code)
                        .map(code -> code.code())
                        .distinct()
                        .collect(Collectors.joining(", "));
        System.out.printf(
                Locale.ROOT,
                "| %s%s | %,d | %,d | %s | %.2f s | %,d | %,d MB | %,d MB |%n",
                shape.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                faulty ? ", with a fault" : "",
                shape.full(),
                program.size(),
                verdict,
                seconds,
                result.effort().steps(),
                result.effort().memoryBytes() >> 20,
                Math.max(0, peak() - before) >> 20);
    }

    /** Of this thread: a machine that is busy with other work then matters less. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static List<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(p -> p.getType() == MemoryType.HEAP)
                .toList();
    }

    private static void resetPeaks() {
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static long peak() {
        return pools().stream().mapToLong(p -> p.getPeakUsage().getUsed()).sum();
    }
}
