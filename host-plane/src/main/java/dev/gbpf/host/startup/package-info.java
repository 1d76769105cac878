/** Prepares the jars of a distribution so that a JVM starts fast from them. Part of the build; nothing calls it at run time. */
@NullMarked
package dev.gbpf.host.startup;

import org.jspecify.annotations.NullMarked;
