/** What a program may assume of and demand from its surroundings: context, verdict, budget and helpers. */
@NullMarked
package dev.gbpf.verifier.platform;

import org.jspecify.annotations.NullMarked;
