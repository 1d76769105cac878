package dev.gbpf.host.device;

/** What a device that runs unmodified applications does for the policy that decides, by tenant. Of the plane's thread. */
public interface TenantLevers {
    /**
     * From here on these settings hold, as they are and as they will change; what earlier ones changed is changed back.
     *
     * @param settings of the policy that decides
     * @param bypass whether none does: then everything passes
     */
    void hold(LeverSettings settings, boolean bypass);

    /** Estimated device time of all launches of a tenant that are over, ns; never decreases. */
    long usedNs(int tenant);

    /** Whether launches of a tenant are under way or held. */
    boolean isBusy(int tenant);
}
