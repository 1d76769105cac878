/** The device sources on the CPU: the library of {@code src/main/cuda/cpu}, called by {@link java.lang.foreign}. */
@NullMarked
package dev.gbpf.cuda.cpu;

import org.jspecify.annotations.NullMarked;
