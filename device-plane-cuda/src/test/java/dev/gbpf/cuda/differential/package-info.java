@NullMarked
package dev.gbpf.cuda.differential;

import org.jspecify.annotations.NullMarked;
