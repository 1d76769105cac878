package dev.gbpf.lang.ast;

import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;

/**
 * {@code pattern | pattern => body}
 *
 * @param patterns at least one
 * @param body a block, or in an expression a value
 * @param span the patterns
 */
public record MatchArm<T>(List<Pattern> patterns, T body, SourceSpan span) {
    public MatchArm {
        patterns = List.copyOf(patterns);
    }
}
