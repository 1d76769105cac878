package dev.gbpf.host.helper;

/**
 * What the plane offers to a running program. Each method is the helper of the same name, total as the ABI says: errors come
 * back as {@link dev.gbpf.abi.Errno} values. Map helpers need no plane and are not here.
 */
public interface PlaneServices extends LeverServices {
    long ktimeGetNs();

    /**
     * Writes a line.
     *
     * @param format address of the format
     * @param size its bytes, 1 to {@link dev.gbpf.abi.ArgumentKind#MAX_MEMORY}, all of them readable
     */
    long tracePrintk(long format, long size, long a, long b, long c);

    long getPrandomU32();

    long dsqCreate(long dsq, long order);

    long dsqInsert(long dsq);

    long dsqInsertVtime(long dsq, long vtime);

    long dsqLen(long dsq);

    long dsqPeek(long dsq, long field);

    long dsqMove(long from, long to, long vtime);

    long kick(long vslice);

    long tenantInflight(long tenant);

    long log(long tag, long value);
}
