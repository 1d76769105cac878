package dev.gbpf.diagnostic;

/** How bad it is. */
public enum Severity {
    ERROR,
    WARNING,
    NOTE
}
