@NullMarked
package dev.gbpf.object.elf;

import org.jspecify.annotations.NullMarked;
