/** A plain evaluator of programs and other aids for the tests of the policy language. */
@NullMarked
package dev.gbpf.lang.testing;

import org.jspecify.annotations.NullMarked;
