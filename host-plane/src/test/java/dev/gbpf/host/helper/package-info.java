@NullMarked
package dev.gbpf.host.helper;

import org.jspecify.annotations.NullMarked;
