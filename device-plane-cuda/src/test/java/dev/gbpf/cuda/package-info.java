@NullMarked
package dev.gbpf.cuda;

import org.jspecify.annotations.NullMarked;
