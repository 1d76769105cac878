package dev.gbpf.isa;

/** Conformance groups (RFC 9669, section 2.4). gBPF implements all of them but {@code packet}, which the RFC deprecates. */
public enum ConformanceGroup {
    BASE32,
    BASE64,
    ATOMIC32,
    ATOMIC64,
    DIVMUL32,
    DIVMUL64
}
