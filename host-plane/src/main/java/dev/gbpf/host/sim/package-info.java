/** The simulated device: virtual time, SM sharing, copy engines, memory and batches, deterministic to the bit. */
@NullMarked
package dev.gbpf.host.sim;

import org.jspecify.annotations.NullMarked;
