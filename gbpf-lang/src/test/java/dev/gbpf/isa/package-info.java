@NullMarked
package dev.gbpf.isa;

import org.jspecify.annotations.NullMarked;
