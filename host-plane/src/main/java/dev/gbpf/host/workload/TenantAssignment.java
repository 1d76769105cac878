package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tenant a request belongs to. A prompt of {@code longContextTokens} or more goes to {@code longContext}, when there is
 * one; any other to one of {@code shares} with probability proportional to its weight, by a hash of the seed and the
 * request's number: it depends on nothing else, so that every policy sees the same tenants.
 *
 * @param shares at least one of a weight above 0
 * @param longContextTokens from how many tokens on a prompt is long, at least 1
 * @param longContext whose the long ones are, or null when length makes no difference
 */
public record TenantAssignment(
        List<TenantShare> shares,
        int longContextTokens,
        @Nullable TenantShare longContext) {
    public TenantAssignment {
        shares = List.copyOf(shares);
        Checks.inRange("tenant assignment", "longContextTokens", longContextTokens, 1, LlmRequest.MAX_TOKENS);
        Checks.inRange("tenant assignment", "sum of requestWeight", weightOf(shares), 1, Long.MAX_VALUE);
    }

    /** By weight alone. */
    public static TenantAssignment byWeight(List<TenantShare> shares) {
        return new TenantAssignment(shares, LlmRequest.MAX_TOKENS, null);
    }

    private static long weightOf(List<TenantShare> shares) {
        long sum = 0;
        for (TenantShare share : shares) {
            sum += share.requestWeight();
        }
        return sum;
    }

    /** Whose a request is. */
    public TenantShare of(LlmRequest request, long seed) {
        TenantShare forLong = longContext;
        if (forLong != null && request.contextTokens() >= longContextTokens) {
            return forLong;
        }
        long hash = RandomStream.mix(seed ^ RandomStream.mix(request.number()));
        long ticket = Long.remainderUnsigned(hash, weightOf(shares));
        for (TenantShare share : shares) {
            ticket -= share.requestWeight();
            if (ticket < 0) {
                return share;
            }
        }
        throw new IllegalStateException("weights changed: ticket=" + ticket);
    }
}
