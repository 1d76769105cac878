package dev.gbpf.cuda.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.testkit.RandomRun;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.testkit.RandomCode;
import dev.gbpf.verifier.testkit.TestHook;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Random verified programs do the same in the device's interpreter and in the host's: the same result, the same calls, and the same
 * contents of context and maps. {@code -Dgbpf.long=true} tries a million programs; {@code -Dgbpf.differential.seed} begins elsewhere.
 */
class DeviceDifferentialTest {
    private static final int PROGRAMS =
            Integer.getInteger("gbpf.differential.programs", Boolean.getBoolean("gbpf.long") ? 1_000_000 : 250);
    private static final int RUNS = 3;
    private static final long SEED = Long.getLong("gbpf.differential.seed", 20_261_126L);
    /** More than any of the programs takes. */
    private static final int JUMPS = 2_000_000;

    @Test
    void randomPrograms_onTheDeviceAndOnTheHost_doTheSame() {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cpu().built(), () -> "skipped: " + build.cpu().detail());
        Verifier verifier = new Verifier();
        int tried = 0;
        for (long seed = SEED; tried < PROGRAMS; seed++) {
            Random random = new Random(seed);
            Program program = RandomCode.generate(random);
            if (verifier.analyse(program, TestHook.ANY_VERDICT, TestHook.MAPS).isAccepted()) {
                long inputs = random.nextLong();
                RandomRun host = RandomRun.of(
                        program, inputs, RUNS, (maps, arena) -> new InterpretedProgram(program, maps, arena));
                RandomRun device = RandomRun.of(program, inputs, RUNS, (maps, arena) -> {
                    CpuProgram ready = new CpuProgram(program, maps, new HelperDispatcher(maps), JUMPS, arena);
                    return (r1, services) -> ready.run(r1, 0, services);
                });
                long failed = seed;
                assertThat(device).as(() -> RandomRun.text(failed, program)).isEqualTo(host);
                tried++;
            }
        }
    }
}
