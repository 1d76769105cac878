/**
 * What an editor asks about a policy that is being written: what a name means, where it is declared and used, what could stand
 * here. Answers come from the tokens, so that they are there while the text is not a policy yet; types and values are added
 * where the compiler can tell them. Nothing here knows a protocol.
 */
@NullMarked
package dev.gbpf.lang.query;

import org.jspecify.annotations.NullMarked;
