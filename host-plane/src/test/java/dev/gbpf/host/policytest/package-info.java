/** Tests of policies, run. */
@NullMarked
package dev.gbpf.host.policytest;

import org.jspecify.annotations.NullMarked;
