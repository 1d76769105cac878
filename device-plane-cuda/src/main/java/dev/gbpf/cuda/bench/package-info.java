/** Measures the device runtime from Java: {@code gbpf bench device}. */
@NullMarked
package dev.gbpf.cuda.bench;

import org.jspecify.annotations.NullMarked;
