/** What compiler, verifier and readers say about bad input: a stable code, a place in the source, and a way out. */
@NullMarked
package dev.gbpf.diagnostic;

import org.jspecify.annotations.NullMarked;
