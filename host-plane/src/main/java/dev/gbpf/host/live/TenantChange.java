package dev.gbpf.host.live;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is to change about a tenant; what is empty stays. Levers hold where the policy that decides does not set them itself.
 *
 * @param weight share relative to others'
 * @param priority greater is more urgent
 * @param timesliceUs how long the GPU runs its processes at a time, us; 0: as the driver does
 * @param quotaBytes device memory that each of its processes may have; 0: no limit
 * @param copyBytesPerSecond what each of its processes may copy; 0: no limit
 */
public record TenantChange(
        OptionalInt weight,
        OptionalInt priority,
        OptionalLong timesliceUs,
        OptionalLong quotaBytes,
        OptionalLong copyBytesPerSecond) {}
