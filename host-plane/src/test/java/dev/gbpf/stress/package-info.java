/** Concurrency tests for jcstress. They are run by hand; docs/bench/concurrency.md has their record. */
@NullMarked
package dev.gbpf.stress;

import org.jspecify.annotations.NullMarked;
