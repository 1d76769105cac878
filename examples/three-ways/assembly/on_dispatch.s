// Serves the queue, and notes how far it has come.
        r1 = 1
        r2 = 7                          // JOB_VTIME
        call dsq_peek
        if r0 != -1 goto some           // NONE is all ones
        r0 = 0                          // IDLE
        exit
some:
        r1 = map_val(map_by_idx(1)) + 0 // mark[0]
        r2 = *(u64 *)(r1 + 0)
        if r0 <= r2 goto serve
        *(u64 *)(r1 + 0) = r0
serve:
        r0 = 1
        exit
