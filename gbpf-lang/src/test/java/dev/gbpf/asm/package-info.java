@NullMarked
package dev.gbpf.asm;

import org.jspecify.annotations.NullMarked;
