/** Unmodified CUDA applications under policy: their processes, what they share with the daemon, and the device that they make up. */
@NullMarked
package dev.gbpf.host.interpose;

import org.jspecify.annotations.NullMarked;
