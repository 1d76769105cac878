/** The language server, driven by a client that speaks the protocol itself. */
@NullMarked
package dev.gbpf.host.lsp;

import org.jspecify.annotations.NullMarked;
