@NullMarked
package dev.gbpf.host.law;

import org.jspecify.annotations.NullMarked;
