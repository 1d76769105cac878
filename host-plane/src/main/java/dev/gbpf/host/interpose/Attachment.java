package dev.gbpf.host.interpose;

import dev.gbpf.host.interpose.SystemCalls.Credentials;

/**
 * A process that wants to attach.
 *
 * @param peer who it is, as the kernel says
 * @param kind what kind of application it says that it is
 * @param tenant the tenant that it names, or empty
 * @param command its name, for people
 * @param segment what it shares with the daemon
 */
record Attachment(Credentials peer, ApplicationClass kind, String tenant, String command, Segment segment) {}
