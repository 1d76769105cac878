@NullMarked
package dev.gbpf.cuda.vm;

import org.jspecify.annotations.NullMarked;
