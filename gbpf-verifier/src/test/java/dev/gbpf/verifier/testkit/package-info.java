/**
 * For tests of the verifier and of policies, by gBPF and by its users: random programs near the edge of what is accepted, with
 * shrinking; contexts; a machine that checks every promise; and what to assert. {@code docs/testing-policies.md} shows how.
 */
@NullMarked
package dev.gbpf.verifier.testkit;

import org.jspecify.annotations.NullMarked;
