/**
 * Coverage-guided fuzzing of everything that reads bytes or text from outside. A normal run replays the committed inputs;
 * {@code docs/fuzzing.md} tells how to fuzz.
 */
@NullMarked
package dev.gbpf.host.fuzz;

import org.jspecify.annotations.NullMarked;
