/** Tests of the compiler to JVM bytecode. */
@NullMarked
package dev.gbpf.host.jit;

import org.jspecify.annotations.NullMarked;
