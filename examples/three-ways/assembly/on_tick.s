// What was used long ago counts less: an eighth goes each time.
        r6 = 0
next:
        *(u32 *)(r10 - 0x4) = r6
        r1 = map_by_idx(0)              // used
        r2 = r10
        r2 += -4
        call map_lookup_elem
        if r0 == 0 goto step
        r1 = *(u64 *)(r0 + 0)
        r2 = r1
        r2 >>= 3
        r1 -= r2
        *(u64 *)(r0 + 0) = r1
step:
        r6 += 1
        if r6 < 64 goto next
        r0 = 0
        exit
