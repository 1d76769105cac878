/** Results for programs (JSON), for terminals (text) and for people (one HTML page). */
@NullMarked
package dev.gbpf.host.report;

import org.jspecify.annotations.NullMarked;
