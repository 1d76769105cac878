package dev.gbpf.host.interpose;

/** What the daemon says to a process that wants to attach; the numbers are {@code enum gbpf_welcome_status}. */
enum WelcomeStatus {
    OK,
    VERSION,
    TENANT,
    FULL,
    SEGMENT,
    DENIED
}
