package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the sections of one scenario share while it is read. */
final class Reading {
    final Problems problems;
    final Path folder;
    final List<String> libraryPolicies;
    long seed;
    long durationNs;

    /** Device memory that models take for their weights, bytes. */
    long residentBytes;

    DeviceModel device = DeviceModel.h200();

    /** By name, in order of their index. */
    final Map<String, ScenarioTenant> tenants = new LinkedHashMap<>();

    Reading(Problems problems, Path folder, Collection<String> libraryPolicies) {
        this.problems = problems;
        this.folder = folder;
        this.libraryPolicies = List.copyOf(libraryPolicies);
    }

    /** The tenant that a node names, or null after a problem was reported. */
    @Nullable
    Tenant tenant(String field, YamlNode node) {
        String name = Values.text(field, node, TenantsSection.LONGEST_NAME, problems);
        if (name == null) {
            return null;
        }
        ScenarioTenant found = tenants.get(name);
        if (found == null) {
            String near = Suggestion.closest(name, tenants.keySet()).orElse(null);
            problems.add(
                    Problems.UNKNOWN_NAME,
                    node.span(),
                    "there is no tenant \"" + Problems.excerpt(name) + "\"",
                    near == null ? "" : "did you mean \"" + near + "\"?",
                    "tenants: " + String.join(", ", tenants.keySet()));
            return null;
        }
        return found.tenant();
    }

    /** Reports a path that leads to no file. */
    void checkFile(String what, String path, YamlNode node) {
        boolean found;
        try {
            found = Files.isRegularFile(folder.resolve(path));
        } catch (InvalidPathException e) {
            found = false;
        }
        if (!found) {
            problems.add(
                    Problems.UNKNOWN_NAME,
                    node.span(),
                    what + " \"" + Problems.excerpt(path) + "\" is not there",
                    "",
                    "paths begin at the folder of the scenario");
        }
    }
}
