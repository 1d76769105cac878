/** Tests of {@code dev.gbpf.host.memory}. */
@NullMarked
package dev.gbpf.host.memory;

import org.jspecify.annotations.NullMarked;
