package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.library.PolicyLibrary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The code of the library's policies is hardly longer than what clang -O2 makes of their twins in C. */
class CodeSizeTest {
    /** How much longer it may be, in total and each policy by itself. */
    private static final double MOST = 1.15;

    @BeforeAll
    static void needsClang() {
        CTwin.assumeClang();
    }

    @Test
    void library_comparedWithClang_isAtMostFifteenPercentLonger() {
        CodeSizes all = CodeSizes.ofLibrary();
        assertThat((double) all.ours()).as(all.toString()).isLessThanOrEqualTo(MOST * all.clang());
        for (String name : PolicyLibrary.ofClassPath().names()) {
            CodeSizes policy = all.of(name);
            assertThat((double) policy.ours()).as(policy.toString()).isLessThanOrEqualTo(MOST * policy.clang());
        }
    }
}
