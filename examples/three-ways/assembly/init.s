// A queue in order of vtime.
        r1 = 1
        r2 = 1
        call dsq_create
        r0 = 0
        exit
