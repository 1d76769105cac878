/** Benchmarks. They are run by hand; docs/bench has their records. */
@NullMarked
package dev.gbpf.bench;

import org.jspecify.annotations.NullMarked;
