/**
 * The language server: LSP 3.17 over LSP4J. {@link dev.gbpf.host.lsp.LanguageServerProcess} is the entry. What it tells comes
 * from the compiler, the verifier and {@code dev.gbpf.lang.query}; here it is put into the protocol's words.
 */
@NullMarked
package dev.gbpf.host.lsp;

import org.jspecify.annotations.NullMarked;
