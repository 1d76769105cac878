/** Threads, and waiting for them without costing them time. */
@NullMarked
package dev.gbpf.host.thread;

import org.jspecify.annotations.NullMarked;
