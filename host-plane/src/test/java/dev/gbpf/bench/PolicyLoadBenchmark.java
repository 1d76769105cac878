package dev.gbpf.bench;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a policy of a hundred lines takes from its text to an image that can be activated, in a JVM that is warm. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"})
public class PolicyLoadBenchmark {
    private static final String NAME = "token_bucket_limit";

    private SourceFile source = new SourceFile(NAME, "");
    private PolicyObject object = compileOrFail(new SourceFile("empty", "policy empty;"));

    /** Reads and compiles the policy. */
    @Setup
    public void prepare() throws IOException {
        Path file = Path.of(System.getProperty("gbpf.root", ".."), "policies", NAME, NAME + ".gbpf");
        source = new SourceFile(file.toString(), Files.readString(file));
        object = compileOrFail(source);
    }

    /** From text to object. */
    @Benchmark
    public CompileResult compile() {
        return PolicyCompiler.compile(source);
    }

    /** From object to certificates. */
    @Benchmark
    public VerificationResult verify() {
        return new Verifier().verify(object);
    }

    /** From object to image; it verifies, too. */
    @Benchmark
    public String load() {
        return load(object);
    }

    /** From text to image. */
    @Benchmark
    public String compileAndLoad() {
        return load(compileOrFail(source));
    }

    private static String load(PolicyObject policy) {
        try (MapRegistry maps = new MapRegistry()) {
            LoadResult.Loaded loaded = (LoadResult.Loaded) new ImageLoader(maps).load(policy);
            loaded.image().discard();
            return loaded.image().tag();
        }
    }

    private static PolicyObject compileOrFail(SourceFile source) {
        return ((CompileResult.Compiled) PolicyCompiler.compile(source)).object();
    }
}
