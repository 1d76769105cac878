package dev.gbpf.host.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CpuAffinityTest {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        thread.close();
    }

    /** Where the calling thread may run, as the kernel says it: "0-3", "1". */
    private static String allowed() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow()
                .split("\\s+", 2)[1];
    }

    @Test
    void pinnedThread_runsOnThatProcessorAlone_andOthersWhereTheyDid() throws Exception {
        String before = allowed();
        int first = Integer.parseInt(before.split("[-,]", 2)[0]);
        String pinned = thread.submit(() -> {
                    CpuAffinity.pin(first);
                    return allowed();
                })
                .get();
        assertThat(pinned).isEqualTo(Integer.toString(first));
        assertThat(allowed()).isEqualTo(before);
    }

    @Test
    void processorThatIsNotThere_isRefused() {
        assertThatThrownBy(() -> CpuAffinity.pin(CpuAffinity.MOST))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no processor 1023 that this process may run on");
        assertThatThrownBy(() -> CpuAffinity.pin(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
