@NullMarked
package dev.gbpf.cuda.cpu;

import org.jspecify.annotations.NullMarked;
