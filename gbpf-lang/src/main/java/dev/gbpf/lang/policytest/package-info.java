/** Tests of policies, compiled: {@link dev.gbpf.lang.policytest.TestCompiler} makes them, the host plane runs them. */
@NullMarked
package dev.gbpf.lang.policytest;

import org.jspecify.annotations.NullMarked;
