@NullMarked
package dev.gbpf.host.image;

import org.jspecify.annotations.NullMarked;
