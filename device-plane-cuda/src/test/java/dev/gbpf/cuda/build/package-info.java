@NullMarked
package dev.gbpf.cuda.build;

import org.jspecify.annotations.NullMarked;
