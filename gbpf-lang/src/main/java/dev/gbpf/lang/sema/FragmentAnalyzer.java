package dev.gbpf.lang.sema;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.ast.BinaryOperator;
import dev.gbpf.lang.ast.Block;
import dev.gbpf.lang.module.Module;
import dev.gbpf.lang.module.Modules;
import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the meaning of pieces of code that a policy does not have itself, such as the steps of its tests. A fragment is the
 * program of an {@code on_tick} that sees the policy's constants, maps and functions, and one array map more, through which values go
 * in and out.
 */
public final class FragmentAnalyzer {
    /** The hook whose rules hold: it may call nearly every helper, and it has the largest budget. */
    public static final Hook HOOK = Hook.ON_TICK;
    /** The name of the array of values; no policy can have a map of this name. */
    public static final String VALUES = "$values";
    /** The variable whose value, when it is a comparison, is taken as its two sides. */
    public static final String CHECKED = "$checked";
    /** Elements of the array of values. */
    public static final int CAPACITY = 4096;

    private final Reporter reporter;
    private final Scope globals;
    private final List<MapSchema> maps;
    private final MapSchema values;
    private final CallGraph calls;

    /** An analyzer of fragments of the tests in the file that is compiled; it reports what is wrong with that file. */
    public FragmentAnalyzer(Modules modules) {
        Module main = modules.main();
        ModuleScopes scopes = new ModuleScopes();
        Scope names = new Scope(null);
        for (Module module : modules.files()) {
            SemanticAnalysisPhase phase = new SemanticAnalysisPhase(module, scopes);
            phase.declarations();
            names = phase.globals();
        }
        this.reporter = new Reporter(main.source(), main.diagnostics());
        this.globals = names;
        this.calls = scopes.calls();
        this.maps = scopes.maps();
        MapDefinition definition = new MapDefinition(VALUES, MapKind.ARRAY, 4, Long.BYTES, CAPACITY);
        this.values = new MapSchema(maps.size(), definition, StorageType.U32, StorageType.U64);
        maps.add(values);
        globals.declare(VALUES, new Symbol.Map(values, main.unit().name().span()));
    }

    /**
     * A fragment.
     *
     * @param policy a policy of one program; its maps are those of the tested policy, then the array of values
     * @param results what the variables asked for hold, in the order in which they were asked for
     */
    public record Fragment(BoundPolicy policy, List<Result> results) {
        public Fragment {
            results = List.copyOf(results);
        }
    }

    /**
     * The value of a variable of a fragment: 64 bits, or twice as many for the sides of a comparison.
     *
     * @param value what was assigned to it
     * @param slots elements of the array of values where it goes, or its two sides go, as 64 bits
     * @param field the field of an entry that a struct is compared with, else empty
     */
    public record Result(BoundExpression value, List<Integer> slots, String field) {
        public Result {
            slots = List.copyOf(slots);
        }
    }

    /**
     * The meaning of a fragment; of use only when no errors were reported.
     *
     * @param body its statements
     * @param outputs the variables whose values are results, each with the element where it goes; the comparison of
     *     {@link #CHECKED} takes this element and the next one. An assignment of a struct to an entry of such a name is not
     *     made: its numbers and those of the entry are compared, and take two elements each
     */
    public Fragment analyze(Block body, Map<String, Integer> outputs, SourceSpan span) {
        Environment environment = Environment.inHook(HOOK, new Scope(globals));
        BoundBlock bound = new StatementAnalyzer(environment, reporter).body(body);
        calls.checkHelpers(environment.calls(), HOOK, reporter);
        Outputs rewriting = new Outputs(outputs);
        BoundBlock block = rewriting.rewrite(bound);
        BoundHook hook = new BoundHook(HOOK, block, span, body.end());
        return new Fragment(new BoundPolicy("fragment", maps, List.of(hook)), rewriting.results());
    }

    /** The map of a name that a fragment can use, or null when there is none. */
    public @Nullable MapDefinition map(String name) {
        MapSchema schema = globals.lookup(name) instanceof Symbol.Map map ? map.schema() : null;
        return schema == null ? null : schema.definition();
    }

    /** Names of all maps, constants and functions that a fragment can use. */
    public Set<String> names() {
        return new HashSet<>(globals.names());
    }

    /** Sends what is assigned to some variables to the array of values instead. */
    private final class Outputs {
        private final Map<String, Integer> slots;
        private final Map<Integer, Result> found = new TreeMap<>();

        Outputs(Map<String, Integer> slots) {
            this.slots = slots;
        }

        List<Result> results() {
            return List.copyOf(found.values());
        }

        BoundBlock rewrite(BoundBlock block) {
            List<BoundStatement> out = new ArrayList<>();
            for (BoundStatement statement : block.statements()) {
                rewrite(statement, out);
            }
            return new BoundBlock(out);
        }

        private void rewrite(BoundStatement statement, List<BoundStatement> out) {
            switch (statement) {
                case BoundStatement.Store(Place.Local(Variable variable), BoundExpression value, SourceSpan span)
                when slots.containsKey(variable.name()) -> store(variable.name(), value, span, out);
                case BoundStatement.Replace(Location.Found(Entry entry), StoredValue value, SourceSpan span)
                when slots.containsKey(entry.name()) -> compare(entry, value, span, out);
                case BoundStatement.If(var branches, var otherwise, var span) ->
                    out.add(new BoundStatement.If(
                            branches.stream()
                                    .map(b -> new BoundStatement.Branch(b.condition(), rewrite(b.body())))
                                    .toList(),
                            otherwise == null ? null : rewrite(otherwise),
                            span));
                case BoundStatement.Nested(BoundBlock block, SourceSpan span) ->
                    out.add(new BoundStatement.Nested(rewrite(block), span));
                default -> out.add(statement);
            }
        }

        private void store(String name, BoundExpression value, SourceSpan span, List<BoundStatement> out) {
            int slot = slots.getOrDefault(name, 0);
            if (name.equals(CHECKED) && value instanceof BoundExpression.Comparison comparison) {
                out.add(element(slot, comparison.left(), span));
                out.add(element(slot + 1, comparison.right(), span));
                found.put(slot, new Result(value, List.of(slot, slot + 1), ""));
            } else {
                out.add(element(slot, value, span));
                found.put(slot, new Result(value, List.of(slot), ""));
            }
        }

        private void compare(Entry entry, StoredValue value, SourceSpan span, List<BoundStatement> out) {
            Map<Slot, BoundExpression> expected = new HashMap<>();
            value.numbers().forEach(n -> expected.put(n.slot(), n.value()));
            int next = slots.getOrDefault(entry.name(), 0);
            for (Part.Named number : entry.part().numbers()) {
                BoundExpression left =
                        new BoundExpression.Read(new Place.Stored(new Location.Found(entry), number.slot()), span);
                BoundExpression right = Objects.requireNonNull(expected.get(number.slot()));
                out.add(element(next, left, span));
                out.add(element(next + 1, right, span));
                BoundExpression both = new BoundExpression.Comparison(BinaryOperator.EQ, left, right, span);
                found.put(next, new Result(both, List.of(next, next + 1), number.name()));
                next += 2;
            }
        }

        private BoundStatement element(int slot, BoundExpression value, SourceSpan span) {
            BoundExpression bits = ConstantFolder.fold(new BoundExpression.Convert(Type.U64, value, value.span()));
            return new BoundStatement.Store(
                    new Place.Stored(new Location.Element(values, slot), new Slot(0, StorageType.U64)), bits, span);
        }
    }
}
