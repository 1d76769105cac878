@NullMarked
package dev.gbpf.cuda.bench;

import org.jspecify.annotations.NullMarked;
