/** The compiler from verified programs to JVM bytecode. */
@NullMarked
package dev.gbpf.host.jit;

import org.jspecify.annotations.NullMarked;
