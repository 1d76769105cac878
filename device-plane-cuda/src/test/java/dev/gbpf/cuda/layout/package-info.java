@NullMarked
package dev.gbpf.cuda.layout;

import org.jspecify.annotations.NullMarked;
