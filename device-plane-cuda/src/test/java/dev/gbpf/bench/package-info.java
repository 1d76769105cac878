@NullMarked
package dev.gbpf.bench;

import org.jspecify.annotations.NullMarked;
