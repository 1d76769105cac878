package dev.gbpf.cuda.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * The native code that {@code build-native.sh} left beside these classes.
 *
 * @param cpu the device sources for the CPU
 * @param cuda the fat binaries for GPUs
 * @param programs names of the fat binaries that are whole programs, as in {@link #fatBinary}; empty where there are none
 * @param linked names of those for the driver's linker, as in {@link #linkableFatBinary}
 * @param targets compute capabilities with machine code, as in {@code 90} for 9.0
 * @param ptx the compute capability whose PTX later chips run, 0 where there is none
 */
public record NativeBuild(
        Part cpu, Part cuda, List<String> programs, List<String> linked, List<Integer> targets, int ptx) {
    private static final String FOLDER = "/dev/gbpf/cuda/native/";
    private static final String LIBRARY = "libgbpf_device_cpu.so";

    public NativeBuild {
        programs = List.copyOf(programs);
        linked = List.copyOf(linked);
        targets = List.copyOf(targets);
    }

    /**
     * One of the two kinds of native code.
     *
     * @param built whether it is there
     * @param detail the compiler that built it, or why it was not built and what to do
     */
    public record Part(boolean built, String detail) {
        private Part required(String what) {
            if (!built) {
                throw new NativeBuildException(what + " is not in this build: " + detail);
            }
            return this;
        }
    }

    /** Which machine code of a fat binary a GPU gets. */
    public enum Match {
        /** Machine code of the GPU's own generation. */
        MACHINE_CODE,
        /** PTX, which the driver compiles when it loads it. */
        PTX,
        /** None: the GPU is older than everything in it. */
        NONE
    }

    /** What this build holds. */
    public static NativeBuild current() {
        Properties properties = new Properties();
        try (InputStream in = NativeBuild.class.getResourceAsStream(FOLDER + "build.properties")) {
            if (in != null) {
                properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(properties);
    }

    static NativeBuild of(Properties properties) {
        return new NativeBuild(
                part(properties, "cpu"),
                part(properties, "cuda"),
                words(properties, "cuda.programs"),
                words(properties, "cuda.linked"),
                words(properties, "cuda.targets").stream().map(Integer::valueOf).toList(),
                Integer.parseInt(properties.getProperty("cuda.ptx", "0")));
    }

    private static Part part(Properties properties, String name) {
        boolean built = "built".equals(properties.getProperty(name + ".state"));
        String detail = properties.getProperty(name + (built ? ".compiler" : ".reason"));
        return new Part(built, detail == null ? "build-native.sh did not run; build gBPF with Maven" : detail);
    }

    private static List<String> words(Properties properties, String name) {
        return Arrays.stream(properties.getProperty(name, "").split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /**
     * What a GPU of a compute capability would run. Machine code runs on its own major version, from its minor version on; PTX
     * on everything from its version on (CUDA C++ Programming Guide, "Binary Compatibility" and "PTX Compatibility").
     */
    public Match match(int major, int minor) {
        for (int target : targets) {
            if (target / 10 == major && target % 10 <= minor) {
                return Match.MACHINE_CODE;
            }
        }
        return ptx > 0 && ptx <= major * 10 + minor ? Match.PTX : Match.NONE;
    }

    /**
     * A whole program for {@code cuModuleLoadFatBinary}.
     *
     * @param name the source's name without {@code .cu}
     * @throws NativeBuildException when this build has none
     */
    public byte[] fatBinary(String name) {
        cuda.required("the GPU's code");
        return resource(name + ".fatbin");
    }

    /**
     * Relocatable device code, for the driver's linker.
     *
     * @param name the source's name without {@code .cu}
     * @throws NativeBuildException when this build has none
     */
    public byte[] linkableFatBinary(String name) {
        cuda.required("the GPU's code");
        return resource(name + ".link.fatbin");
    }

    /**
     * The shared library of the CPU build.
     *
     * @throws NativeBuildException when this build has none
     */
    public byte[] cpuLibrary() {
        cpu.required("the device plane's code for the CPU");
        return resource(LIBRARY);
    }

    /**
     * A shared library of task functions for the CPU build.
     *
     * @param name the source's name without {@code .cu}
     * @throws NativeBuildException when this build has none
     */
    public byte[] taskLibrary(String name) {
        cpu.required("the device plane's code for the CPU");
        return resource("lib" + name + ".so");
    }

    private static byte[] resource(String file) {
        try (InputStream in = NativeBuild.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new NativeBuildException(file + " is not in this build; build gBPF anew (mvn clean package)");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
