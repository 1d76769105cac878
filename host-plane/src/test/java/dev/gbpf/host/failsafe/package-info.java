/** Faults of policies, planes and devices, and what the failsafe does about them. */
@NullMarked
package dev.gbpf.host.failsafe;

import org.jspecify.annotations.NullMarked;
