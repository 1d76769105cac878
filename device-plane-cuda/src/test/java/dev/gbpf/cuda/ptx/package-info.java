@NullMarked
package dev.gbpf.cuda.ptx;

import org.jspecify.annotations.NullMarked;
