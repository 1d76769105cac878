package dev.gbpf.host.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.gbpf.host.jit.CodeTooLargeException;
import dev.gbpf.host.jit.CompiledCode;
import dev.gbpf.host.jit.HelperLinking;
import dev.gbpf.host.jit.JitCompiler;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.ObjectHash;
import java.util.List;
import java.util.Optional;

/**
 * Compiled code of policies, by what they do: loading a policy again costs a lookup, and it goes on with what the JVM has made
 * of its code. Bounded by the size of class files. Safe for several threads.
 */
public final class CodeCache {
    /** Class files that are kept, bytes together. */
    public static final long DEFAULT_BYTES = 64L << 20;

    private static final CodeCache SHARED = new CodeCache(DEFAULT_BYTES);

    /** What programs that no class file has room for weigh. */
    private static final int NO_CODE_BYTES = 64;

    private final Cache<CodeKey, Optional<CompiledCode>> cache;

    /**
     * What code was made from and for.
     *
     * @param object hash of the verified policy, which covers its programs, maps and interface version
     * @param target what the code runs on
     */
    public record CodeKey(ObjectHash object, Target target) {}

    /** What code can be made for. */
    public enum Target {
        /** The programs of host hooks as a class for the JVM. */
        HOST_JVM
    }

    /**
     * Figures since the start.
     *
     * @param hits loads that found their code
     * @param misses loads that compiled
     * @param evictions entries that gave way to others
     * @param entries now
     * @param bytes of class files now
     * @param compileNanos time spent compiling, ns
     */
    public record Statistics(long hits, long misses, long evictions, long entries, long bytes, long compileNanos) {}

    /**
     * An empty cache.
     *
     * @param bytes how large its class files may be together
     */
    public CodeCache(long bytes) {
        this.cache = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((CodeKey _, Optional<CompiledCode> code) ->
                        code.map(CompiledCode::bytes).orElse(NO_CODE_BYTES))
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    /** The cache of this process. */
    public static CodeCache shared() {
        return SHARED;
    }

    /** Whether code is there, or is known to be impossible; not counted as a hit or a miss. */
    boolean contains(CodeKey key) {
        return cache.asMap().containsKey(key);
    }

    /** The code of programs, compiled if need be; nothing when no class file has room for them. */
    Optional<CompiledCode> get(CodeKey key, List<Program> programs, List<MapDefinition> maps) {
        return cache.get(key, _ -> compile(programs, maps));
    }

    private static Optional<CompiledCode> compile(List<Program> programs, List<MapDefinition> maps) {
        try {
            return Optional.of(JitCompiler.compile(programs, maps, HelperLinking.DIRECT));
        } catch (CodeTooLargeException e) {
            return Optional.empty();
        }
    }

    public Statistics statistics() {
        CacheStats stats = cache.stats();
        long bytes = cache.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
        return new Statistics(
                stats.hitCount(),
                stats.missCount(),
                stats.evictionCount(),
                cache.estimatedSize(),
                bytes,
                stats.totalLoadTime());
    }
}
