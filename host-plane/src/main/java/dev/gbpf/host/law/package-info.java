/**
 * Laws of policies, to be tried on many inputs: what one hook does, and what a policy does to jobs on the simulated device. Here and
 * not in the verifier's test kit, because laws need maps, helpers, queues and a device.
 */
@NullMarked
package dev.gbpf.host.law;

import org.jspecify.annotations.NullMarked;
