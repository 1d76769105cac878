/** The laws of the policy library, each stated as a test on the simulated device. */
@NullMarked
package dev.gbpf.policies;

import org.jspecify.annotations.NullMarked;
