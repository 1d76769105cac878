package dev.gbpf.host.device;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * NVIDIA's Multi-Process Service, where an environment says that it is (CUDA Multi-Process Service, Environment Variables).
 *
 * @param pipes the folder of its pipes
 */
public record MpsService(Path pipes) {
    /** What names the folder; without it, it is the driver's own default. */
    public static final String PIPES = "CUDA_MPS_PIPE_DIRECTORY";

    /** The service of an environment. */
    public static MpsService of(Map<String, String> environment) {
        return new MpsService(Path.of(environment.getOrDefault(PIPES, "/tmp/nvidia-mps")));
    }

    /** Whether its daemon runs. */
    public boolean runs() {
        return Files.exists(pipes.resolve("control"));
    }
}
