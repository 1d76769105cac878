package dev.gbpf.cuda.table;

import dev.gbpf.cuda.vm.MicroOpEncoder;
import dev.gbpf.cuda.vm.NoMaps;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes programs of policies without maps as text, for {@code src/test/cuda/gpu/table_check.cu}: for each program its policy, the
 * number of its hook, its jumps, how many words follow, and those in hexadecimal.
 *
 * <pre>
 * TableFile FILE
 * </pre>
 */
public final class TableFile {
    private static final List<String> POLICIES = List.of(
            "policy even; hook cta_admit(ctx) { if ctx.now_ns & 63 == 5 && ctx.skipped < 2 { return SKIP; } return START; }"
                    + " hook sm_tick(ctx) { ctx.share = ctx.weight * 4; return REFILL; }",
            "policy odd; hook cta_admit(ctx) { if ctx.tag & 1 == 1 && ctx.free_workers > 60000 { return PARK; } return START; }"
                    + " hook sm_tick(ctx) { ctx.share = ctx.weight * 4 + (ctx.tenant & 1); return REFILL; }"
                    + " hook warp_throttle_tick(ctx) { if ctx.urgent_tasks > 60000 { return 100; } return NO_PAUSE; }"
                    + " hook therm_tick(ctx) { if ctx.temperature_c > 200 { return 1; } return UNLIMITED; }",
            "policy loops; hook cta_admit(ctx) { var sum = 0; for i in 0..20 { sum += ctx.tag ^ i; }"
                    + " if sum == 3 { return PARK; } return START; }",
            "policy stops; hook cta_admit(ctx) { if ctx.tag & 1 == 1 { return PARK; } return START; }");

    private TableFile() {}

    private static List<DevicePolicy> policies() {
        return Stream.concat(POLICIES.stream().map(Policies::of), Stream.of(Policies.library("device_fair")))
                .toList();
    }

    /** Writes the file. */
    public static void main(String[] arguments) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(arguments[0])))) {
            for (DevicePolicy policy : policies()) {
                for (DeviceProgram program : policy.programs()) {
                    long[] words = MicroOpEncoder.encode(program.program(), NoMaps.NO_MAPS)
                            .words();
                    out.printf("%s %d %d %d", policy.name(), program.hook().id(), program.jumps(), words.length);
                    for (long word : words) {
                        out.printf(" %x", word);
                    }
                    out.println();
                }
            }
        }
    }
}
