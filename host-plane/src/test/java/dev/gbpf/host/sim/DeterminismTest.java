package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeterminismTest {
    /**
     * The run of {@link MixedScenario}, on any machine. A change of the device's model, of the random numbers or of the scenario
     * changes it, and says so in its commit.
     */
    private static final String EXPECTED = "fcd70b96feffc87e 32298 32283";

    @Test
    void run_isTheSameEverywhere() {
        assertThat(MixedScenario.hash()).isEqualTo(EXPECTED);
    }

    @Test
    void run_isTheSameOnManyThreads_underMemoryPressure() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Callable<Long> garbage = () -> {
                long sum = 0;
                for (int i = 0; i < 2_000; i++) {
                    sum += new byte[100_000].length;
                }
                return sum;
            };
            Future<Long> pressure = threads.submit(garbage);
            Callable<String> run = MixedScenario::hash;
            List<Future<String>> hashes = threads.invokeAll(List.of(run, run));
            for (Future<String> hash : hashes) {
                assertThat(hash.get()).isEqualTo(EXPECTED);
            }
            assertThat(pressure.get()).isEqualTo(200_000_000);
        }
    }

    @Test
    void run_isTheSameInAnotherJvm_withAnotherCollectorAndCompiler(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path output = folder.resolve("hash");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx96m", "-XX:TieredStopAtLevel=1", "-cp", classPath));
        command.addAll(List.of(MixedScenario.class.getName(), output.toString()));
        File log = folder.resolve("log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
        assertThat(Files.readString(output)).isEqualTo(EXPECTED);
    }
}
