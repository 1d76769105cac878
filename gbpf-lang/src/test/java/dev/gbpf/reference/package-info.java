@NullMarked
package dev.gbpf.reference;

import org.jspecify.annotations.NullMarked;
