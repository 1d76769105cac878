// At most four jobs of a tenant on the device.
        r2 = *(u32 *)(r1 + 0x68)        // tenant_running
        r0 = 0                          // ADMIT
        if r2 < 4 goto out
        r3 = *(u64 *)(r1 + 0x0)         // now_ns
        r3 += 1000000
        *(u64 *)(r1 + 0x70) = r3        // defer_until_ns
        r0 = 1                          // DEFER
out:
        exit
