package dev.gbpf.host.interpose;

/** Decides about the processes that attach; called by the thread of the socket. */
interface AttachHandler {
    /**
     * A process is there. From here on its segment is the handler's.
     *
     * @throws AttachException when it may not
     */
    Admission attached(Attachment attachment) throws AttachException;

    /** A process is gone: its connection has ended. */
    void left(long client);

    /**
     * What the process is told.
     *
     * @param client its number, from 1
     * @param tenant the index of its tenant
     */
    record Admission(long client, int tenant) {}
}
