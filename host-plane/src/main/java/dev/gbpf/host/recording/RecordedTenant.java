package dev.gbpf.host.recording;

/** A tenant, as it stood when the recording ended. */
public record RecordedTenant(String name, int weight, int priority) {}
