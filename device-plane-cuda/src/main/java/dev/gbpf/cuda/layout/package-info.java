/** Java's view of {@code layout.h}: one class for each structure that host and device share. */
@NullMarked
package dev.gbpf.cuda.layout;

import org.jspecify.annotations.NullMarked;
