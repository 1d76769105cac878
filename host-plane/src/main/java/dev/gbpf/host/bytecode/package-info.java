/** Raw programs, outside of policies and hooks: verified and run one at a time, as conformance suites and fuzzers need it. */
@NullMarked
package dev.gbpf.host.bytecode;

import org.jspecify.annotations.NullMarked;
