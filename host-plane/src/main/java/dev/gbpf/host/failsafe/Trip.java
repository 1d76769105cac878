package dev.gbpf.host.failsafe;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a policy is taken out.
 *
 * @param kind what tripped
 * @param reason a sentence with what was found beside what is allowed; in records it stands after the kind's word
 * @param site where a program failed, or null
 */
public record Trip(Kind kind, String reason, @Nullable FaultSite site) {
    /** What can trip. The codes are those of {@code ctx.code} of {@code exit}: they never change. */
    public enum Kind {
        /** Jobs waited, the device had room, and nothing moved. */
        STALL(1, true),
        /** The same for the jobs of one tenant, deferrals counted. */
        HOLD(2, true),
        /** A tenant waited while later jobs of tenants of the same or lower priority passed it. */
        STARVATION(3, true),
        /** A tenant waited while later jobs of tenants of lower priority passed it. */
        PRIORITY_INVERSION(4, true),
        /** A program failed at run time. */
        RUNTIME_ERROR(5, true),
        /** Many decisions took too long. */
        SLOW(6, true),
        /** Many calls of helpers returned errors. */
        HELPER_ERRORS(7, true),
        /** Many updates of maps found no room. */
        MAP_EXHAUSTION(8, true),
        /** Nearly all jobs were rejected although the device had room. */
        REJECT_STORM(9, true),
        /** The plane's thread did not come back from a hook. */
        HUNG(10, true),
        /** Many jobs failed on the device. */
        DEVICE_ERROR(11, false),
        /** Whoever must renew the plane's lease did not. */
        LEASE_LOST(12, false),
        /** An operator said so. */
        OPERATOR(13, false),
        /** A request for device memory was postponed again and again although there was room for it. */
        MEMORY_HOLD(14, true);

        private final int code;
        private final boolean blamesPolicy;

        Kind(int code, boolean blamesPolicy) {
            this.code = code;
            this.blamesPolicy = blamesPolicy;
        }

        /** The value of {@code ctx.code}. */
        public int code() {
            return code;
        }

        /** Whether it is the policy's doing, and so counts towards its quarantine. */
        public boolean blamesPolicy() {
            return blamesPolicy;
        }

        /** The word in records and dumps. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Trip(Kind kind, String reason) {
        this(kind, reason, null);
    }

    /** Kind and reason, as records have it; an operator's reason stands alone. */
    public String text() {
        return kind == Kind.OPERATOR ? reason : kind.word() + ": " + reason;
    }
}
