/** The entry to the policy language: {@link dev.gbpf.lang.compile.PolicyCompiler}. */
@NullMarked
package dev.gbpf.lang.compile;

import org.jspecify.annotations.NullMarked;
