@NullMarked
package dev.gbpf.host.map;

import org.jspecify.annotations.NullMarked;
