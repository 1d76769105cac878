// Too late: refused. Else queued at what the tenant has used, but not below the mark.
        r6 = r1
        r2 = *(u64 *)(r6 + 0x20)        // deadline_ns
        if r2 == 0 goto place
        r3 = *(u64 *)(r6 + 0x0)         // now_ns
        if r2 >= r3 goto place
        r1 = 1
        *(u64 *)(r6 + 0x68) = r1        // reason
        r0 = 2                          // REJECT
        exit
place:
        r7 = 0
        r1 = *(u32 *)(r6 + 0x40)        // tenant
        *(u32 *)(r10 - 0x4) = r1
        r1 = map_by_idx(0)              // used
        r2 = r10
        r2 += -4
        call map_lookup_elem
        if r0 == 0 goto raise
        r7 = *(u64 *)(r0 + 0)
raise:
        r1 = map_val(map_by_idx(1)) + 0 // mark[0]
        r2 = *(u64 *)(r1 + 0)
        if r7 >= r2 goto insert
        r7 = r2
insert:
        r1 = 1
        r2 = r7
        call dsq_insert_vtime
        r0 = 0                          // ENQUEUE
        exit
