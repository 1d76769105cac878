/** Device memory that tenants ask for apart from jobs: what they ask for, and where it is. */
@NullMarked
package dev.gbpf.host.allocation;

import org.jspecify.annotations.NullMarked;
