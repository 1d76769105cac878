package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.scenario.Scenario.Policies;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads scenario files. Whatever the file holds, the answer is a scenario that can be run, or {@link ScenarioException}. */
public final class ScenarioReader {
    /** The longest file, bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private static final List<String> FIELDS = List.of(
            "name",
            "seed",
            "duration",
            "tick",
            "device",
            "tenants",
            "workload",
            "policy",
            "swaps",
            "compare",
            "failsafe");
    private static final long LEAST_DURATION_NS = 1_000_000L;
    private static final long MOST_DURATION_NS = 24 * 3_600_000_000_000L;
    private static final long DEFAULT_TICK_NS = 1_000_000L;
    private static final long LEAST_TICK_NS = 1_000L;
    private static final int LONGEST_NAME = 120;

    private final Collection<String> libraryPolicies;

    /**
     * A reader.
     *
     * @param libraryPolicies names of the policies that a scenario may use without a path
     */
    public ScenarioReader(Collection<String> libraryPolicies) {
        this.libraryPolicies = List.copyOf(libraryPolicies);
    }

    /**
     * Reads a file.
     *
     * @throws ScenarioException when it cannot be read, or is no scenario that can be run
     */
    public Scenario read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw unreadable(
                    file.toString(),
                    "the scenario cannot be read: " + e.getClass().getSimpleName(),
                    null);
        }
        Path parent = file.toAbsolutePath().getParent();
        return parse(file.toString(), bytes, parent == null ? Path.of("") : parent);
    }

    /**
     * Reads the bytes of a file.
     *
     * @param name what messages call it
     * @param bytes UTF-8 text
     * @param folder where its relative paths begin
     * @throws ScenarioException when it is no scenario that can be run
     */
    public Scenario parse(String name, byte[] bytes, Path folder) {
        if (bytes.length > MAX_BYTES) {
            throw unreadable(name, "the scenario is longer than " + MAX_BYTES + " bytes", null);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return parse(new SourceFile(name, text), folder);
        } catch (CharacterCodingException e) {
            throw unreadable(name, "the scenario is not a text in UTF-8", "save it as UTF-8");
        }
    }

    private static ScenarioException unreadable(String name, String message, @Nullable String help) {
        return new ScenarioException(
                List.of(new Diagnostic(Problems.UNREADABLE, Severity.ERROR, message, name, null, "", List.of(), help)),
                null);
    }

    /**
     * Reads a text.
     *
     * @throws ScenarioException when it is no scenario that can be run
     */
    public Scenario parse(SourceFile source, Path folder) {
        Problems problems = new Problems(source);
        YamlNode root = new YamlTreeReader("scenario", source, problems).read();
        problems.throwIfAny();
        if (root == null) {
            throw new IllegalStateException("no document and no problem: " + source.name());
        }
        Reading reading = new Reading(problems, folder, libraryPolicies);
        Scenario scenario = scenario(root, reading, source);
        problems.throwIfAny();
        LoadLimit.check(scenario, new SourceSpan(1, 1, 1), problems);
        problems.throwIfAny();
        return scenario;
    }

    private Scenario scenario(YamlNode root, Reading reading, SourceFile source) {
        Fields fields = new Fields("the scenario", root, reading.problems, FIELDS);
        fields.required("name");
        String name = fields.text("name", LONGEST_NAME, "scenario");
        reading.seed = fields.integer("seed", 0, Long.MAX_VALUE, 1);
        fields.required("duration");
        int before = reading.problems.count();
        reading.durationNs = fields.duration("duration", LEAST_DURATION_NS, MOST_DURATION_NS, MOST_DURATION_NS);
        if (reading.problems.count() > before) {
            // What is compared with the duration should not be blamed for it.
            reading.durationNs = MOST_DURATION_NS;
        }
        long tick = fields.duration("tick", LEAST_TICK_NS, MOST_DURATION_NS, DEFAULT_TICK_NS);
        YamlNode device = fields.get("device");
        if (device != null) {
            reading.device = new DeviceSection(reading).read(device);
        }
        new TenantsSection(reading).read(fields);
        List<WorkloadSpec> workloads = new WorkloadsSection(reading).read(fields);
        Policies policies = new PoliciesSection(reading).read(fields);
        FailsafeConfig failsafe = new FailsafeSection(reading.problems).read(fields.get("failsafe"), tick);
        return new Scenario(
                name,
                reading.seed,
                reading.durationNs,
                tick,
                reading.device,
                List.copyOf(reading.tenants.values()),
                workloads,
                policies,
                failsafe,
                new SourceFile(baseName(source.name()), source.text()),
                reading.folder);
    }

    private static String baseName(String name) {
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }
}
