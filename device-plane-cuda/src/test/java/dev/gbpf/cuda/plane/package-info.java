@NullMarked
package dev.gbpf.cuda.plane;

import org.jspecify.annotations.NullMarked;
