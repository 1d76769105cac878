/** How often the verifier agrees with another one. */
@NullMarked
package dev.gbpf.verifier.precision;

import org.jspecify.annotations.NullMarked;
