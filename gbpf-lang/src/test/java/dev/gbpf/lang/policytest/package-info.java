/** The tests of policies, compiled but not run. */
@NullMarked
package dev.gbpf.lang.policytest;

import org.jspecify.annotations.NullMarked;
