package dev.gbpf.policies;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.law.TestedPolicy;
import dev.gbpf.host.library.PolicyLibrary;

/** The library's policies, for tests. */
final class Library {
    private Library() {}

    /** The source of a policy. */
    static SourceFile source(String name) {
        return PolicyLibrary.ofClassPath().policy(name).orElseThrow().source();
    }

    /** A policy, compiled and verified. */
    static TestedPolicy policy(String name) {
        return TestedPolicy.of(source(name));
    }
}
