/** The hooks engine: it asks the active policy, keeps dispatch queues and streams in order, and hands jobs to the device. */
@NullMarked
package dev.gbpf.host.plane;

import org.jspecify.annotations.NullMarked;
