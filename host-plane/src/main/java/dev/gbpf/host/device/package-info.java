/** What the plane asks of a device, whatever is behind it: a simulation, a CPU build or a GPU. */
@NullMarked
package dev.gbpf.host.device;

import org.jspecify.annotations.NullMarked;
