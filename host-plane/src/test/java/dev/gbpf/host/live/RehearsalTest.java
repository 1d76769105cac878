package dev.gbpf.host.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.CodeCache;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.lang.compile.CompileResult.Compiled;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RehearsalTest {
    private static final List<Tenant> TENANTS = List.of(new Tenant(0, "a", 2, 0), new Tenant(1, "b", 1, 0));

    private static int rehearse(String source) {
        PolicyObject policy = ((Compiled) PolicyCompiler.compile(new SourceFile("p.gbpf", source))).object();
        return Rehearsal.of(policy, (VerificationResult.Accepted) new Verifier().verify(policy), TENANTS);
    }

    @Test
    void policy_isSwappedInAgainAndAgain_andLeavesCompiledCode() {
        long before = CodeCache.shared().statistics().misses();
        int rounds = rehearse("""
                policy rehearsed;
                map used: hash<u32, u64>[MAX_TENANTS];
                hook init(ctx) { dsq_create(7, DSQ_VTIME); }
                hook on_submit(ctx) { dsq_insert_vtime(7, used[ctx.tenant] else 3); return ENQUEUE; }
                hook on_dispatch(ctx) { return 7; }
                hook on_retire(ctx) { used[ctx.tenant] = ctx.run_ns; }
                """);
        assertThat(rounds).isBetween(1, Rehearsal.ROUNDS);
        assertThat(CodeCache.shared().statistics().misses()).isGreaterThan(before);
    }

    @Test
    void policyThatRefuses_thatFails_thatHoldsEverything_orHasLargeMaps_doesNoHarm() {
        assertThat(rehearse("policy no;\nhook init(ctx) { return 7; }\n")).isZero();
        assertThat(rehearse("""
                policy stuck;
                hook on_submit(ctx) { return ENQUEUE; }
                hook on_admit(ctx) { ctx.defer_until_ns = ctx.now_ns + 1000s; return DEFER; }
                """)).isPositive();
        assertThat(rehearse("policy rejects;\nhook on_submit(ctx) { return REJECT; }\n"))
                .isPositive();
        assertThat(rehearse("""
                policy large;
                map m: hash<u64, u64>[1000000];
                hook on_submit(ctx) { m[ctx.job_id] = 1; return ENQUEUE; }
                """)).isZero();
    }
}
