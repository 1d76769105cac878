@NullMarked
package dev.gbpf.host.authority;

import org.jspecify.annotations.NullMarked;
