@NullMarked
package dev.gbpf.cuda.table;

import org.jspecify.annotations.NullMarked;
