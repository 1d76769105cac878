/** Where jobs come from: recorded and synthetic LLM requests, and synthetic tenants. Independent of what runs them. */
@NullMarked
package dev.gbpf.host.workload;

import org.jspecify.annotations.NullMarked;
