package dev.gbpf.host.allocation;

import dev.gbpf.abi.Constants;

/** Sizes of pages of device memory. */
public enum PageSize {
    KIB_4(Constants.PAGE_4K),
    KIB_64(Constants.PAGE_64K),
    MIB_2(Constants.PAGE_2M);

    private final long bytes;

    PageSize(long bytes) {
        this.bytes = bytes;
    }

    public long bytes() {
        return bytes;
    }

    /** The size of so many bytes, as a policy names it; 64 KiB when there is none. */
    public static PageSize ofBytes(long bytes) {
        return bytes == KIB_4.bytes ? KIB_4 : bytes == MIB_2.bytes ? MIB_2 : KIB_64;
    }

    /** How many pages hold so many bytes. */
    public long pages(long content) {
        return (content + bytes - 1) / bytes;
    }
}
