/** Runs the tests that stand in policies: {@link dev.gbpf.host.policytest.PolicyTestRunner}. */
@NullMarked
package dev.gbpf.host.policytest;

import org.jspecify.annotations.NullMarked;
