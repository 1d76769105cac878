package dev.gbpf.host.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.engine.CodeCache;
import org.junit.jupiter.api.Test;

class SwapRehearsalTest {
    /** Each of its swaps is carried out, or it throws. */
    @Test
    void rehearsal_swaps_andLeavesTheCodeOfRealPoliciesAlone() {
        long entries = CodeCache.shared().statistics().entries();
        SwapRehearsal.run(30);
        assertThat(CodeCache.shared().statistics().entries()).isEqualTo(entries);
    }
}
