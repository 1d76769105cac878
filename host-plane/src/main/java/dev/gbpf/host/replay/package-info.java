/** Recordings of applications, run again under other policies: the plane as it is, processes and device simulated. */
@NullMarked
package dev.gbpf.host.replay;

import org.jspecify.annotations.NullMarked;
