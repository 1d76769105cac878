/** What a verification may use: steps, memory, time; and how it is stopped. */
@NullMarked
package dev.gbpf.verifier.limit;

import org.jspecify.annotations.NullMarked;
