// Charges what was used, by weight; who is new begins at the mark.
        r6 = r1
        r7 = *(u64 *)(r6 + 0x60)        // run_ns
        r7 <<= 10
        r2 = *(u32 *)(r6 + 0x48)        // weight
        r7 /= r2
        r1 = *(u32 *)(r6 + 0x40)        // tenant
        *(u32 *)(r10 - 0x4) = r1
        r1 = map_by_idx(0)              // used
        r2 = r10
        r2 += -4
        call map_lookup_elem
        if r0 == 0 goto fresh
        r1 = *(u64 *)(r0 + 0)
        r1 += r7
        *(u64 *)(r0 + 0) = r1
        r0 = 0
        exit
fresh:
        r1 = map_val(map_by_idx(1)) + 0 // mark[0]
        r1 = *(u64 *)(r1 + 0)
        r1 += r7
        *(u64 *)(r10 - 0x10) = r1
        r1 = map_by_idx(0)
        r2 = r10
        r2 += -4
        r3 = r10
        r3 += -0x10
        r4 = 0                          // ANY
        call map_update_elem
        r0 = 0
        exit
