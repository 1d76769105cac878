/**
 * The binary interface between policies and the planes, as data: hooks with their contexts and verdicts, helpers with their
 * signatures, and kinds of maps. It is the single source: compiler, verifier, engines, C header and reference pages read it.
 */
@NullMarked
package dev.gbpf.abi;

import org.jspecify.annotations.NullMarked;
