package dev.gbpf.lang.ast;

import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;

/**
 * {@code test "title" { steps }}: what the policy is expected to do.
 *
 * @param title the text between the quotes
 * @param span the title with its quotes
 * @param steps in order
 * @param end the closing brace
 */
public record TestBlock(String title, SourceSpan span, List<TestStep> steps, SourceSpan end) {
    public TestBlock {
        steps = List.copyOf(steps);
    }
}
