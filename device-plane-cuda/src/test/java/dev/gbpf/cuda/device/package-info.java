@NullMarked
package dev.gbpf.cuda.device;

import org.jspecify.annotations.NullMarked;
