package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Import;
import dev.gbpf.lang.module.Module;
import dev.gbpf.lang.module.StandardModules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the files of a compilation share: the names that each gives to those that import it, all maps, all calls. */
final class ModuleScopes {
    /** Stands between the name of a module and a name in it. */
    static final String SEPARATOR = "::";

    private final Map<Module, Scope> globals = new HashMap<>();
    private final List<MapSchema> maps = new ArrayList<>();
    private final CallGraph calls = new CallGraph();

    /** The maps of all files so far, in the order of the object's table; whoever analyses a file adds its own. */
    List<MapSchema> maps() {
        return maps;
    }

    CallGraph calls() {
        return calls;
    }

    /** A file's own names, and those of what it imports, with the name of the module before them. */
    Scope open(Module module) {
        Scope scope = new Scope(null);
        module.imports().forEach((alias, imported) -> {
            Scope theirs = globals.get(imported);
            if (theirs == null) {
                throw new IllegalStateException(imported + " is imported before it was analysed");
            }
            theirs.own().forEach((name, symbol) -> {
                // What a module imports, and what it calls _name, is its own business.
                if (!name.contains(SEPARATOR) && !name.startsWith("_")) {
                    scope.declare(alias + SEPARATOR + name, symbol);
                }
            });
        });
        globals.put(module, scope);
        return scope;
    }

    /** What to import for a name of a module that is not, or null for any other name. */
    static @Nullable String importHint(String name, Collection<String> inSight) {
        int separator = name.indexOf(SEPARATOR);
        if (separator < 0) {
            return null;
        }
        String alias = name.substring(0, separator);
        if (inSight.stream().anyMatch(n -> n.startsWith(alias + SEPARATOR))) {
            return null;
        }
        return StandardModules.names().contains(alias)
                ? "import the module: `import " + StandardModules.LIBRARY + SEPARATOR + alias + ";`"
                : "import the module: `import \"" + alias + ".gbpf\";`";
    }

    /** Warns about imports of which nothing is used. */
    static void warnUnused(Module module, Reporter reporter) {
        for (Import each : module.unit().imports()) {
            String alias = each.alias().name();
            if (module.imports().containsKey(alias)
                    && !module.unit().qualifiers().contains(alias)) {
                reporter.message(ErrorCode.UNUSED_IMPORT, each.span(), "nothing of `" + alias + "` is used")
                        .label("imported here")
                        .help("take it out, or use it: `" + alias + SEPARATOR + "name`")
                        .report();
            }
        }
    }
}
