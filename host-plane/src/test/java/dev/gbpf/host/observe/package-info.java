@NullMarked
package dev.gbpf.host.observe;

import org.jspecify.annotations.NullMarked;
